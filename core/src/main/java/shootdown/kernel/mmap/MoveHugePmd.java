package shootdown.kernel.mmap;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.machine.Pmdp;
import shootdown.sched.Steps;

/// Moves a PMD entry that maps a huge page to where another address has its own.
final class MoveHugePmd {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final HugePmds huge;
  private final MovePtesFlush flush;
  private final MoveHugeLocks locks;

  MoveHugePmd(KernelData data, VmaLinks links, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.huge = new HugePmds(data);
    this.flush = decisions.get(MovePtesFlush.class);
    this.locks = decisions.get(MoveHugeLocks.class);
  }

  /// Moves the entry of page `from`, the first of a huge page, to that of `to`; tells whether
  /// something is to be flushed later, and nothing if the entry does not map a huge page any more.
  @Models(
      file = "mm/mremap.c",
      function = "move_huge_pmd",
      leavesOut = "soft-dirty, userfaultfd; two locks, for addresses in different GiB, and with"
          + " them moving the page-table page in store")
  Optional<Boolean> moveHugePmd(Current me, MovePageTables.Move move, int from, int to) {
    boolean rmapLocks = move.needRmapLocks() && locks == MoveHugeLocks.AS_FOR_PTES;
    return steps.call(
        "move_huge_pmd",
        () -> {
          if (rmapLocks) {
            links.takeRmapLocks(move.vma());
          }
          var later =
              huge.ifTransHugeOrSwap(
                  move.mm(),
                  from,
                  Optional.<Boolean>empty(),
                  () -> Optional.of(moveLocked(me, move.mm(), from, to)));
          if (rmapLocks) {
            links.dropRmapLocks(move.vma());
          }
          return later;
        });
  }

  private boolean moveLocked(Current me, int mm, int from, int to) {
    Pmdp old = data.pmdp(mm, from);
    var taken = old.hugeGetAndClear();
    data.pmdp(mm, to).set(taken);
    boolean force = flush.forcesHuge(taken);
    if (force) {
      huge.flush(me.cpu(), mm, old);
    }
    return flush.flushesAtEnd() && !force;
  }
}
