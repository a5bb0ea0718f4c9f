package shootdown.kernel.gup;

import java.util.OptionalInt;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.machine.Machine;
import shootdown.machine.MachineProfile;
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

  public GupFast(KernelData data, Gup gup) {
    this.data = data;
    this.machine = data.machine();
    this.steps = data.steps();
    this.gup = gup;
  }

  /// Pins the page at `vpn` of the running address space.
  ///
  /// @param flags [Gup#FOLL_WRITE] or 0
  /// @return the frame number, with a reference; or -EFAULT
  @Models(
      file = "mm/gup.c",
      function = "get_user_pages_fast",
      leavesOut = "more than one page; huge pages; FOLL_PIN; before v3.19 the walk of x86 did not"
          + " look again")
  public long getUserPagesFast(Current me, int vpn, int flags) {
    return steps.call(
        "get_user_pages_fast",
        () -> {
          var found = hasFastPath() ? lockless(me, vpn, flags) : OptionalInt.empty();
          if (found.isPresent()) {
            return (long) found.getAsInt();
          }
          var mm = data.mm(me.mm());
          mm.mmapLock().readLock();
          long result = gup.getUserPages(me, mm, vpn, flags | Gup.FOLL_TOUCH | Gup.FOLL_GET);
          mm.mmapLock().readUnlock();
          return result;
        });
  }

  /// CONFIG_HAVE_GUP_FAST.
  private boolean hasFastPath() {
    return machine.profile().tableFree() != MachineProfile.TableFree.NONE;
  }

  @Models(file = "mm/gup.c", function = "gup_fast_pte_range", leavesOut = "as its caller")
  private OptionalInt lockless(Current me, int vpn, int flags) {
    return steps.call(
        "gup_fast",
        () -> {
          data.rcu().irqSave(me.cpu());
          var found = walk(me, vpn, flags);
          data.rcu().irqRestore(me.cpu());
          return found;
        });
  }

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
    if (!folio.tryGet()) {
      return OptionalInt.empty();
    }
    if (!ptep.is(pte)) {
      data.folios().put(folio);
      return OptionalInt.empty();
    }
    folio.flags().set(Folio.REFERENCED);
    return OptionalInt.of(pte.pfn());
  }
}
