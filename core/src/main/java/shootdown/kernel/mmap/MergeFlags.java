package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What a VMA's flags are when mprotect() makes it larger by the one behind it, which has the new
/// flags already. Rmap walks find the larger VMA as soon as the rmap locks are dropped.
///
/// ```text
/// release  | from then on the larger VMA has
/// ---------+-----------------------------------------------------------------------
/// v4.8     | its old flags; the new ones a moment later. A migration that ends
///          | meanwhile, in what was the other VMA, gives its entry the old rights
/// v4.9-rc1 | the new flags
/// ```
public enum MergeFlags implements Decision {
  LATER,
  /// e86f15ee64d8
  AT_ONCE;

  /// The decision in time.
  public static final History<MergeFlags> HISTORY =
      History.of(MergeFlags.class, LATER)
          .then(
              Fix.merged(
                  "e86f15ee64d8",
                  "mm: vma_merge: fix vm_page_prot SMP race condition against rmap_walk",
                  "v4.9-rc1",
                  AT_ONCE));
}
