package shootdown.kernel.mmap;

import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.SwapCache;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// madvise(MADV_WILLNEED): what is on swap is read into the swap cache, where faults will find it.
final class MadviseWillneed {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final SwapCache swapCache;
  private final WillneedSwap swap;
  private final WillneedHuge huge;

  MadviseWillneed(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.swapCache = new SwapCache(data);
    this.swap = decisions.get(WillneedSwap.class);
    this.huge = decisions.get(WillneedHuge.class);
  }

  /// For pages of one VMA. Tells 0, or minus an errno's number.
  @Models(
      file = "mm/madvise.c",
      function = "madvise_willneed",
      leavesOut = "read-ahead of files on disk")
  long madviseWillneed(Mm mm, Vma vma, Pages pages) {
    if (swap == WillneedSwap.NO) {
      return vma.anonymous() ? Errno.EBADF.result() : 0;
    }
    if (vma.anonymous()) {
      steps.each(pages.from(), pages.to(), vpn -> swapinWalk(mm, vpn));
    } else if (data.file(vma.file()).is(FileData.Kind.SHMEM)) {
      shmemSwapinRange(
          data.file(vma.file()), vma.pageIndex(pages.from()), vma.pageIndex(pages.to()));
    }
    return 0;
  }

  @Models(file = "mm/madvise.c", function = "swapin_walk_pmd_entry")
  private void swapinWalk(Mm mm, int vpn) {
    steps.run(
        "swapin_walk_pmd_entry",
        () -> {
          var entry = look(mm, vpn);
          if (SwapEntry.isSwap(entry)) {
            read(SwapEntry.slot(entry));
          }
        });
  }

  private Pte look(Mm mm, int vpn) {
    return steps.scope(
        () -> {
          var found = data.table(mm.number(), vpn);
          if (huge == WillneedHuge.NOT_WITH_HINT) {
            expectNoHint(mm, vpn);
          }
          if (found.isEmpty() || !walk.lockUnderMmapLock(found.get(), vpn)) {
            return Pte.NONE;
          }
          var entry = found.get().pte(vpn).get();
          found.get().ptl().unlock();
          return entry;
        });
  }

  /// What it would find in the page is nothing that has to be modelled.
  private void expectNoHint(Mm mm, int vpn) {
    var entry = data.machine().tables().entry(mm.number(), vpn);
    if (entry.isHuge() && VmPageProt.isProtNone(entry.pte())) {
      throw steps.fail(
          new Violation("kernel bug", "madvise() takes a huge page for a page-table page"));
    }
  }

  @Models(
      file = "mm/madvise.c",
      function = "shmem_swapin_range",
      leavesOut = "large entries")
  private void shmemSwapinRange(FileData file, int from, int to) {
    steps.run(
        "shmem_swapin_range",
        () ->
            steps.each(
                from,
                Math.min(to, file.maxPages()),
                index -> FileData.swappedIn(file.slot(index).read()).ifPresent(this::read)));
  }

  private void read(int slot) {
    swapCache.readSwapCacheAsync(slot).ifPresent(data.folios()::put);
  }
}
