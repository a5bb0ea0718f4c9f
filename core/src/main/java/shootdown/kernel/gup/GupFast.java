package shootdown.kernel.gup;

import java.util.OptionalInt;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Machine;
import shootdown.machine.MachineProfile;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// `get_user_pages_fast()`: pins a page without mmap_lock and without the page-table lock.
///
/// Interrupts are off during the walk, so an IPI that invalidates TLBs waits for its end, and so
/// does the freeing of page-table pages ([shootdown.kernel.data.Rcu]). The reference is taken on
/// trust, and the PTE is looked at again.
public final class GupFast {
  private final KernelData data;
  private final Machine machine;
  private final Steps steps;
  private final Gup gup;
  private final ReadBreaksCow readBreaksCow;
  private final WriteProtectSeq writeProtectSeq;

  public GupFast(KernelData data, Decisions decisions, Gup gup) {
    this.data = data;
    this.machine = data.machine();
    this.steps = data.steps();
    this.gup = gup;
    this.readBreaksCow = decisions.get(ReadBreaksCow.class);
    this.writeProtectSeq = decisions.get(WriteProtectSeq.class);
  }

  /// Takes a reference to the page at `vpn` of the running address space.
  ///
  /// @param flags [Gup#FOLL_WRITE] or not, [Gup#FOLL_GET] or [Gup#FOLL_PIN], [Gup#FOLL_NOTED]
  /// @return the frame number, with a reference that [Gup#put] drops; or -EFAULT
  @Models(
      file = "mm/gup.c",
      function = "get_user_pages_fast",
      leavesOut = "more than one page; huge pages; before v3.19 the walk of x86 did not look again")
  public long getUserPagesFast(Current me, int vpn, int flags) {
    return steps.call(
        "get_user_pages_fast",
        () -> {
          var found =
              hasFastPath()
                  ? lockless(me, vpn, readBreaksCow.fastFlags(flags))
                  : OptionalInt.empty();
          if (found.isPresent()) {
            return (long) found.getAsInt();
          }
          var mm = data.mm(me.mm());
          mm.mmapLock().readLock();
          long result = gup.getUserPages(me, mm, vpn, flags | Gup.FOLL_TOUCH);
          mm.mmapLock().readUnlock();
          return result;
        });
  }

  /// CONFIG_HAVE_GUP_FAST.
  private boolean hasFastPath() {
    return machine.profile().tableFree() != MachineProfile.TableFree.NONE;
  }

  @Models(file = "mm/gup.c", function = "gup_fast", leavesOut = "as its caller")
  private OptionalInt lockless(Current me, int vpn, int flags) {
    return steps.call(
        "gup_fast",
        () ->
            (flags & Gup.FOLL_PIN) != 0 && writeProtectSeq.checked()
                ? betweenForks(me, vpn, flags)
                : withoutInterrupts(me, vpn, flags));
  }

  /// A pin that a fork may have missed is given back: see [WriteProtectSeq].
  private OptionalInt betweenForks(Current me, int vpn, int flags) {
    var seq = data.mm(me.mm()).writeProtectSeq();
    long before = seq.read();
    if (WriteProtectSeq.isOdd(before)) {
      return OptionalInt.empty();
    }
    var found = withoutInterrupts(me, vpn, flags);
    if (found.isEmpty()
        || steps.recheck("write_protect_seq", () -> seq.is(before))) {
      return found;
    }
    gup.put(data.folios().folio(found.getAsInt()), flags);
    return OptionalInt.empty();
  }

  private OptionalInt withoutInterrupts(Current me, int vpn, int flags) {
    data.rcu().irqSave(me.cpu());
    var found = walk(me, vpn, flags);
    data.rcu().irqRestore(me.cpu());
    return found;
  }

  @Models(file = "mm/gup.c", function = "gup_fast_pte_range", leavesOut = "as its caller")
  private OptionalInt walk(Current me, int vpn, int flags) {
    var table = data.table(me.mm(), vpn);
    if (table.isEmpty()) {
      return OptionalInt.empty();
    }
    machine.walked(me.mm(), vpn, table.get().number());
    var ptep = table.get().pte(vpn);
    var pte = ptep.get();
    if (!pte.present() || Gup.writes(flags) && !pte.writable()) {
      return OptionalInt.empty();
    }
    var folio = data.folios().folio(pte.pfn());
    if (!folio.refcount().addUnlessZero(Gup.references(flags))) {
      return OptionalInt.empty();
    }
    if (!isSame(me, ptep, pte, flags)) {
      gup.put(folio, flags & ~Gup.FOLL_NOTED);
      return OptionalInt.empty();
    }
    folio.flags().set(Folio.REFERENCED);
    return OptionalInt.of(pte.pfn());
  }

  /// Whether the PTE is still the same: then the reference is to the page that it maps.
  private boolean isSame(Current me, Ptep ptep, Pte pte, int flags) {
    if ((flags & Gup.FOLL_NOTED) == 0) {
      return steps.recheck("pte_same", () -> ptep.is(pte));
    }
    return steps.atomically(
        "pte_same",
        () -> {
          boolean same = steps.recheck("pte_same", () -> ptep.is(pte));
          if (same) {
            data.ground().pinned(pte.pfn(), me.mm(), ptep.vpn());
          }
          return same;
        });
  }
}
