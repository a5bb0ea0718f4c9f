package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// UFFDIO_WRITEPROTECT: the next store to a page waits for the handler, or need not wait any more.
///
/// It holds mmap_lock for reading, so faults go on. Entries are flushed when all are changed, with
/// `tlb_flush_pending` counted meanwhile.
final class UffdWriteProtect {
  private final KernelData data;
  private final Steps steps;
  private final ChangeProtection change;
  private final TlbGather gather;
  private final MprotectFlush flush;

  UffdWriteProtect(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.change = new ChangeProtection(data, decisions);
    this.gather = new TlbGather(data, decisions);
    this.flush = decisions.get(MprotectFlush.class);
  }

  /// @param start an aligned byte address
  @Models(
      file = "mm/userfaultfd.c",
      function = "mwriteprotect_range",
      leavesOut = "ranges of several VMAs; that since v6.9 the lock of the VMA is taken instead of"
          + " mmap_lock; events of mappings that change")
  long mwriteprotectRange(Current me, Userfaultfd ctx, long start, long length, UffdWp wp) {
    var mm = data.mm(ctx.mm());
    var pages = Pages.at(data.layout(), start, length / Layout.PAGE_SIZE);
    return steps.call(
        "mwriteprotect_range",
        () -> {
          mm.mmapLock().readLock();
          var vma =
              mm.vmaAt(pages.from())
                  .map(found -> found.vma())
                  .filter(found -> found.has(Vma.VM_UFFD_WP));
          if (vma.isPresent()) {
            expectWithin(vma.get(), pages);
            uffdWpRange(me, vma.get(), mm.number(), pages, wp);
          }
          mm.mmapLock().readUnlock();
          return vma.isPresent() ? 0 : Errno.ENOENT.result();
        });
  }

  private void expectWithin(Vma vma, Pages pages) {
    if (pages.to() > vma.end()) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "UFFDIO_WRITEPROTECT of more than one mapping"));
    }
  }

  /// Changes pages of a VMA. mmap_lock is held.
  @Models(file = "mm/userfaultfd.c", function = "uffd_wp_range")
  void uffdWpRange(Current me, Vma vma, int mm, Pages pages, UffdWp wp) {
    steps.run(
        "uffd_wp_range",
        () -> {
          if (flush == MprotectFlush.GATHERED) {
            var tlb = gather.tlbGatherMmu(mm);
            var changed = steps.scope(() -> change.changeUffdWp(me, tlb, vma, pages, wp));
            gather.tlbFinishMmu(me, changed, pages.from(), pages.to());
            return;
          }
          gather.incTlbFlushPending(mm);
          var changed =
              steps.scope(() -> change.changeUffdWp(me, MmuGather.of(mm), vma, pages, wp));
          if (!changed.isFlushed()) {
            gather.tlbFlushMmuTlbonly(me, changed.withPages(pages.from(), pages.to()));
          }
          gather.decTlbFlushPending(mm);
        });
  }
}
