package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Page-table pages that a zap has emptied and whose VMA stays: mm/pt_reclaim.c.
///
/// ```text
/// all entries zapped, PTL held since -> trylock the PMD lock -> PMD cleared ---------+-> gathered
/// else: PTL given back -> PMD lock, PTL -> all entries are none still -> PMD cleared +
/// ```
///
/// The lock order is PMD lock, then PTL: with the PTL held the other one is only tried.
final class EmptyTable {
  private final KernelData data;
  private final Steps steps;
  private final TlbGather gather;
  private final PtReclaim reclaim;

  EmptyTable(KernelData data, Decisions decisions, TlbGather gather) {
    this.data = data;
    this.steps = data.steps();
    this.gather = gather;
    this.reclaim = decisions.get(PtReclaim.class);
  }

  /// Whether the page-table page is to go once pages `from` … `to`-1 are zapped.
  @Models(file = "mm/pt_reclaim.c", function = "reclaim_pt_is_enabled")
  boolean isWanted(int from, int to, Zap.Details details) {
    return details == Zap.Details.RECLAIM_PT
        && to - from == data.layout().ptrsPerPte()
        && reclaim.on(data.machine().profile());
  }

  /// Whether it may go without a second look, although its lock was given back since the first
  /// entry was zapped.
  boolean trustsEntries() {
    return reclaim == PtReclaim.TRUSTS;
  }

  /// Whether what must be flushed with the lock held is, before the page-table page is taken.
  boolean flushesFirst() {
    return reclaim == PtReclaim.FLUSHES;
  }

  /// Takes the page-table page, of which all entries were zapped with its lock held, out of the
  /// page table, unless somebody has the PMD lock; tells whether it did.
  @Models(file = "mm/pt_reclaim.c", function = "try_get_and_clear_pmd")
  boolean tryGetAndClearPmd(Table table, int vpn) {
    return steps.call(
        "try_get_and_clear_pmd",
        () -> {
          var lock = data.mm(table.mm()).pageTableLock();
          if (!lock.tryLock()) {
            return false;
          }
          clear(table, vpn);
          lock.unlock();
          return true;
        });
  }

  /// Takes it out of the page table. Where nobody looks whether they are none, entries go with
  /// their page-table page: who is given it next finds it empty.
  private void clear(Table table, int vpn) {
    int first = data.layout().pmdStart(vpn);
    steps.atomic(
        "pmd_clear",
        () -> {
          if (!data.machine().tables().entry(table.mm(), vpn).isTable()) {
            throw steps.fail(
                new Violation("kernel bug", "the PMD entry to clear has no page table"));
          }
          data.machine().pmdClear(table.mm(), vpn);
          if (trustsEntries()) {
            steps.each(
                first, data.layout().pmdEnd(vpn), at -> table.pte(at).set(Pte.NONE));
          }
        });
  }

  /// Gathers the page-table page that [#tryGetAndClearPmd] took.
  @Models(file = "mm/pt_reclaim.c", function = "free_pte", leavesOut = "statistics")
  MmuGather freePte(Current me, MmuGather tlb, int vpn, Table table) {
    return gather.pteFreeTlb(me, tlb, vpn, table.number());
  }

  /// Takes the page-table page that is there now away, if it is empty.
  @Models(file = "mm/pt_reclaim.c", function = "try_to_free_pte")
  MmuGather tryToFreePte(Current me, MmuGather tlb, int vpn) {
    return steps.call(
        "try_to_free_pte",
        () -> {
          var lock = data.mm(tlb.mm()).pageTableLock();
          lock.lock();
          var table = data.table(tlb.mm(), vpn);
          if (table.isEmpty()) {
            lock.unlock();
            return tlb;
          }
          var ptl = table.get().ptl();
          ptl.lock();
          boolean empty = steps.recheck("pte_none", () -> isEmpty(table.get(), vpn));
          if (empty) {
            clear(table.get(), vpn);
          }
          ptl.unlock();
          lock.unlock();
          return empty ? freePte(me, tlb, vpn, table.get()) : tlb;
        });
  }

  private boolean isEmpty(Table table, int vpn) {
    int first = data.layout().pmdStart(vpn);
    return steps.scope(
        () -> {
          for (int at = first; at < data.layout().pmdEnd(vpn); at++) {
            if (!table.pte(at).isNone()) {
              return false;
            }
          }
          return true;
        });
  }
}
