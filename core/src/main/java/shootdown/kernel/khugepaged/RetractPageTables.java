package shootdown.kernel.khugepaged;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.RetractLocks;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// `retract_page_tables()`: page-table pages of which a huge page of a file has emptied all entries
/// go, so that faults can make a huge PMD entry.
final class RetractPageTables {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;
  private final RetractLocks locks;
  private final FreeRetracted free;
  private final RetractAnonVma anonVma;

  RetractPageTables(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.locks = decisions.get(RetractLocks.class);
    this.free = new FreeRetracted(data, decisions);
    this.anonVma = decisions.get(RetractAnonVma.class);
  }

  /// In every address space, where a VMA has the whole huge page. The huge folio is locked, which
  /// keeps faults from filling the page-table pages again.
  ///
  /// Private mappings that may have pages of their own are left alone: their entries need not be
  /// none.
  ///
  /// @param start the first page of the file
  @Models(
      file = "mm/khugepaged.c",
      function = "retract_page_tables",
      leavesOut = "userfaultfd, MMU notifiers")
  void retractPageTables(Current me, FileData file, int start) {
    steps.run(
        "retract_page_tables",
        () -> {
          boolean reads = locks.lookAgain();
          if (reads) {
            file.mmapRwsem().readLock();
          } else {
            file.mmapRwsem().lock();
          }
          steps.each(0, data.mms().size(), i -> retractIn(me, data.mm(i), file, start));
          if (reads) {
            file.mmapRwsem().readUnlock();
          } else {
            file.mmapRwsem().unlock();
          }
        });
  }

  private void retractIn(Current me, Mm mm, FileData file, int start) {
    steps.loop(
        "i_mmap",
        0,
        slot -> {
          file.mappings().look();
          var found = mm.next(slot, vma -> vma.file() == file.number() && vma.maps(start));
          if (found.isEmpty()) {
            return Turn.done(true);
          }
          var vma = found.get().vma();
          int vpn = vma.address(start);
          if (!vma.has(Vma.VM_ANON_VMA) && huge.isSuitable(vma, vpn)) {
            steps.forget(() -> retract(me, mm, found.get().slot(), vpn));
          }
          return Turn.again(found.get().slot() + 1);
        });
  }

  private void retract(Current me, Mm mm, int slot, int vpn) {
    var entry = data.machine().tables().entry(mm.number(), vpn);
    if (!entry.isTable()) {
      return;
    }
    if (locks.lookAgain()) {
      retractTable(me, mm, vpn, new Table(data, mm.number(), entry.table()), slot);
    } else if (mm.mmapLock().tryLock()) { // the other way round than everybody: only tried
      if (mayGo(mm, slot)) {
        expectNoAnonVma(mm, slot);
        free.collapseAndFreePmd(me, mm.number(), vpn);
      }
      mm.mmapLock().unlock();
    }
  }

  /// Whatever page-table page is there by now is as empty as the one that was `seen`.
  private void retractTable(Current me, Mm mm, int vpn, Table seen, int slot) {
    var lock = mm.pageTableLock();
    lock.lock();
    var now = data.table(mm.number(), vpn);
    var table = now.orElse(seen);
    boolean goes =
        steps.recheck("check_pmd_state", now::isPresent)
            && free.collapse(me, table, vpn, () -> mayGo(mm, slot));
    lock.unlock();
    if (goes) {
      free.defer(table);
    }
  }

  private boolean mayGo(Mm mm, int slot) {
    return anonVma == RetractAnonVma.BEFORE_LOCK
        || steps.recheck("anon_vma", () -> !mm.now(slot).has(Vma.VM_ANON_VMA));
  }

  /// lockdep_assert_held_write() of the anon_vma in collapse_and_free_pmd(), from v6.1-rc8 on: rmap
  /// walks of private pages go through the page table, too.
  private void expectNoAnonVma(Mm mm, int slot) {
    var vma = mm.now(slot);
    if (locks == RetractLocks.I_MMAP_TOO && vma.has(Vma.VM_ANON_VMA)) {
      data.anonVmas().lock(vma.anonVma()).assertHeldExclusively();
    }
  }
}
