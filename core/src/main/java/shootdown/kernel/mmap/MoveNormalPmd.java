package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether mremap() moves a whole page-table page by its PMD entry, where one is moved whole.
///
/// The lock of the page-table page orders nothing then: who holds it may have found the page at the
/// old address, and flushes that.
///
/// ```text
/// release   | moves a PMD entry | under the rmap locks
/// ----------+-------------------+--------------------------------------------------------
/// v4.20     | no                |
/// v5.0-rc1  | yes               | only where rmap walks need them
/// v5.14-rc1 | yes               | always
/// v6.12-rc4 | yes, looks again  | always
/// ```
public interface MoveNormalPmd extends Decision {
  boolean moves();

  boolean alwaysTakesRmapLocks();

  /// Whether it looks once it has the locks if there is a page-table page still: a collapse of a
  /// file may have taken it away.
  boolean looksAgain();

  MoveNormalPmd NEVER = new Rule(false, false, false);

  /// 2c91bd4a4e2e
  MoveNormalPmd UNLOCKED = new Rule(true, false, false);

  /// 97113eb39fa7
  MoveNormalPmd LOCKED = new Rule(true, true, false);

  /// 6fa1066fc5d0
  MoveNormalPmd LOOKING_AGAIN = new Rule(true, true, true);

  History<MoveNormalPmd> HISTORY =
      History.of(MoveNormalPmd.class, NEVER)
          .then(
              Fix.merged(
                  "2c91bd4a4e2e",
                  "mm: speed up mremap by 20x on large regions",
                  "v5.0-rc1",
                  UNLOCKED))
          .then(
              Fix.merged(
                  "97113eb39fa7",
                  "mm/mremap: hold the rmap lock in write mode when moving page table entries",
                  "v5.14-rc1",
                  LOCKED))
          .then(
              Fix.merged(
                  "6fa1066fc5d0",
                  "mm/mremap: fix move_normal_pmd/retract_page_tables race",
                  "v6.12-rc4",
                  LOOKING_AGAIN));

  /// The rules that Linux had.
  record Rule(boolean moves, boolean alwaysTakesRmapLocks, boolean looksAgain)
      implements MoveNormalPmd {}
}
