package shootdown.machine;

import java.util.function.Supplier;
import shootdown.sched.Word;

/// A pointer to a PTE: how the kernel reads and changes one. Each method is one atomic access to
/// the entry in memory, and may race with the hardware's updates of the dirty and young bits.
///
/// Whatever replaces a valid entry leaves it in the sets of what TLBs may hold ([Tlb]): to flush is
/// the kernel's duty.
public final class Ptep {
  private final Machine machine;
  private final int space;
  private final int vpn;
  private final int table;
  private final Word word;

  Ptep(Machine machine, int space, int vpn, int table, Word word) {
    this.machine = machine;
    this.space = space;
    this.vpn = vpn;
    this.table = table;
    this.word = word;
  }

  public int vpn() {
    return vpn;
  }

  /// Reads the entry.
  public Pte get() {
    return new Pte(word.read());
  }

  /// Whether the entry is none; tells nothing else.
  public boolean isNone() {
    return word.is(0);
  }

  /// `pte_same()` with the live entry.
  public boolean is(Pte pte) {
    return machine.steps().recheck("pte_same", () -> word.is(pte.bits()));
  }

  /// `ptep_get_and_clear()`: atomic, loses no update of the hardware.
  public Pte getAndClear() {
    return change("ptep_get_and_clear", Pte.NONE);
  }

  /// `set_pte_at()`: a plain store; what the hardware wrote since the kernel read is lost.
  public void set(Pte pte) {
    machine.steps().atomic(
        "set_pte_at",
        () -> {
          var old = new Pte(word.swap(pte.bits()));
          replaced(old, pte);
        });
  }

  /// Exchanges the entry atomically and tells the old one.
  public Pte swap(Pte pte) {
    return change("xchg", pte);
  }

  /// `ptep_set_wrprotect()`: clears the writable bit, atomically.
  public void setWrprotect() {
    clearBits("ptep_set_wrprotect", Pte.WRITABLE);
  }

  /// `ptep_test_and_clear_young()`: tells whether the entry was young.
  public boolean testAndClearYoung() {
    return clearBits("ptep_test_and_clear_young", Pte.YOUNG).young();
  }

  /// Clears bits atomically; tells the old entry.
  public Pte clearBits(String why, long mask) {
    return update(
        why,
        () -> {
          var old = new Pte(word.read());
          var now = old.without(mask);
          word.write(now.bits());
          replaced(old, now);
          return old;
        },
        () -> {
          var seen = get();
          set(seen.without(mask));
          return seen;
        });
  }

  /// `try_cmpxchg`: replaces the entry if it is `expected`; tells whether it did.
  public boolean cas(Pte expected, Pte now) {
    return update(
        "ptep_cmpxchg",
        () -> {
          boolean done = word.cas(expected.bits(), now.bits());
          if (done) {
            replaced(expected, now);
          }
          return done;
        },
        () -> {
          boolean same = word.is(expected.bits());
          if (same) {
            set(now);
          }
          return same;
        });
  }

  private Pte change(String why, Pte now) {
    return update(
        why,
        () -> {
          var old = new Pte(word.swap(now.bits()));
          replaced(old, now);
          return old;
        },
        () -> {
          var seen = get();
          set(now);
          return seen;
        });
  }

  private <T> T update(String why, Supplier<T> whole, Supplier<T> torn) {
    var steps = machine.steps();
    return steps.update(why, word, () -> steps.atomically(why, whole), torn);
  }

  private void replaced(Pte old, Pte now) {
    if (old.equals(now)) {
      return;
    }
    machine.remember(space, vpn, table, old, now);
    machine.note(
        () -> "PTE[" + machine.naming().page(space, vpn) + "]: " + old + " -> " + now);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ptep ptep
        && ptep.word.equals(word)
        && ptep.space == space
        && ptep.vpn == vpn;
  }

  @Override
  public int hashCode() {
    return word.hashCode();
  }
}
