package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What keeps an rmap walk from missing an entry that move_ptes() moves: from a VMA that the walk
/// is still to visit to one that it has visited. A walk holds i_mmap_rwsem or the anon_vma's lock.
/// Without these locks the source must come first, which it does unless the new place was merged
/// into a VMA that was there before.
///
/// ```text
/// release   | i_mmap_rwsem       | anon_vma           | a VMA that the new place is merged into
/// ----------+--------------------+--------------------+------------------------------------------
/// v3.2      | always             | never              | may come before the source
/// v3.3-rc1  | always             | never              | goes to the end of the walk's order
/// v3.7-rc1  | if it comes first  | if it comes first  | may come before the source
/// ```
public interface MoveRmapLocks extends Decision {
  /// Which VMA a walk visits first.
  enum Order {
    SOURCE_FIRST,
    TARGET_FIRST
  }

  /// Whether move_ptes() takes i_mmap_rwsem.
  boolean locksFile(Order order);

  /// Whether move_ptes() takes the anon_vma's lock.
  boolean locksAnonVma(Order order);

  /// Whether a VMA that pages are moved into goes to the end of the walk's order.
  boolean movesToTail();

  MoveRmapLocks FILE_ONLY = new Rule(When.ALWAYS, When.NEVER, false);

  /// 948f017b0935: `anon_vma_moveto_tail()`.
  MoveRmapLocks ORDERED = new Rule(When.ALWAYS, When.NEVER, true);

  /// 108d6642ad81: the order is not kept any more.
  MoveRmapLocks ALWAYS = new Rule(When.ALWAYS, When.ALWAYS, false);

  /// 38a76013ad80: `need_rmap_locks`.
  MoveRmapLocks WHERE_NEEDED = new Rule(When.TARGET_FIRST, When.TARGET_FIRST, false);

  History<MoveRmapLocks> HISTORY =
      History.of(MoveRmapLocks.class, FILE_ONLY)
          .then(
              Fix.merged(
                  "948f017b0935",
                  "mremap: enforce rmap src/dst vma ordering in case of vma_merge() succeeding in"
                      + " copy_vma()",
                  "v3.3-rc1",
                  ORDERED))
          .then(
              Fix.merged(
                  "108d6642ad81",
                  "mm anon rmap: remove anon_vma_moveto_tail",
                  "v3.7-rc1",
                  ALWAYS))
          .then(
              Fix.merged(
                  "38a76013ad80",
                  "mm: avoid taking rmap locks in move_ptes()",
                  "v3.7-rc1",
                  WHERE_NEEDED));

  /// When a lock is taken.
  enum When {
    NEVER,
    TARGET_FIRST,
    ALWAYS;

    private boolean holds(Order order) {
      return this == ALWAYS || this == TARGET_FIRST && order == Order.TARGET_FIRST;
    }
  }

  /// The rules that Linux had.
  ///
  /// @param file when i_mmap_rwsem is taken
  /// @param anonVma when the anon_vma's lock is taken
  /// @param movesToTail see there
  record Rule(When file, When anonVma, boolean movesToTail) implements MoveRmapLocks {
    @Override
    public boolean locksFile(Order order) {
      return file.holds(order);
    }

    @Override
    public boolean locksAnonVma(Order order) {
      return anonVma.holds(order);
    }
  }
}
