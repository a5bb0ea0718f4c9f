package shootdown.machine;

import java.util.function.Supplier;
import shootdown.sched.Word;

/// A pointer to a PMD entry: how the kernel reads and changes one that maps a huge page, or may.
/// Each method is one atomic access to the entry in memory, and may race with the hardware's
/// updates of the dirty and young bits.
///
/// Whatever replaces a valid entry leaves it in the sets of what TLBs and walk caches may hold
/// ([Tlb], [WalkCache]): to flush is the kernel's duty.
public final class Pmdp {
  private final Machine machine;
  private final int space;
  private final int vpn;
  private final Word word;

  /// @param vpn any page that the entry covers
  Pmdp(Machine machine, int space, int vpn, Word word) {
    this.machine = machine;
    this.space = space;
    this.vpn = machine.layout().pmdStart(vpn);
    this.word = word;
  }

  /// The first page that the entry covers.
  public int vpn() {
    return vpn;
  }

  /// Reads the entry.
  public Pmd get() {
    return new Pmd(word.read());
  }

  /// Whether the entry is none; tells nothing else.
  public boolean isNone() {
    return word.is(0);
  }

  /// `pmd_same()` with the live entry.
  public boolean is(Pmd pmd) {
    return machine.steps().recheck("pmd_same", () -> word.is(pmd.bits()));
  }

  /// `pmdp_huge_get_and_clear()`: atomic, loses no update of the hardware.
  public Pte hugeGetAndClear() {
    return change("pmdp_huge_get_and_clear", Pmd.NONE);
  }

  /// `pmdp_establish()`: exchanges the entry atomically and tells the old one.
  public Pte establish(Pte pte) {
    return change("pmdp_establish", Pmd.huge(pte));
  }

  /// `set_pmd_at()`: a plain store; what the hardware wrote since the kernel read is lost.
  public void set(Pte pte) {
    machine.steps().atomic("set_pmd_at", () -> store(Pmd.huge(pte)));
  }

  /// `pmd_populate()` where a huge page was mapped, or nothing is.
  public void populate(int table) {
    machine.steps().atomic("pmd_populate", () -> store(Pmd.table(table)));
  }

  /// `pmdp_set_wrprotect()`: clears the writable bit, atomically.
  public void setWrprotect() {
    clearBits("pmdp_set_wrprotect", Pte.WRITABLE);
  }

  /// `pmdp_test_and_clear_young()`: tells whether the entry was young.
  public boolean testAndClearYoung() {
    return clearBits("pmdp_test_and_clear_young", Pte.YOUNG).young();
  }

  /// Clears bits atomically; tells the old entry.
  private Pte clearBits(String why, long mask) {
    return update(
        why,
        () -> {
          var old = get().pte();
          store(Pmd.huge(old.without(mask)));
          return old;
        },
        () -> {
          var seen = get().pte();
          set(seen.without(mask));
          return seen;
        });
  }

  private Pte change(String why, Pmd now) {
    return update(
        why,
        () -> store(now).pte(),
        () -> {
          var seen = get().pte();
          machine.steps().atomic("set_pmd_at", () -> store(now));
          return seen;
        });
  }

  private Pte update(String why, Supplier<Pte> whole, Supplier<Pte> torn) {
    var steps = machine.steps();
    return steps.update(why, word, () -> steps.atomically(why, whole), torn);
  }

  private Pmd store(Pmd now) {
    var old = new Pmd(word.swap(now.bits()));
    if (!old.equals(now)) {
      machine.rememberHuge(space, vpn, old.pte(), now.pte());
      machine.rememberTable(space, vpn, old);
      machine.note(
          () -> "PMD[" + machine.naming().page(space, vpn) + "]: " + old + " -> " + now);
    }
    return old;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pmdp pmdp && pmdp.word.equals(word);
  }

  @Override
  public int hashCode() {
    return word.hashCode();
  }
}
