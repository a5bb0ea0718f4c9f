package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Where mprotect() expects the next VMA after one of which the end has become a part of the next
/// one: for some release candidates and the release before them where that ended before, so that it
/// took what the merge had moved for a gap.
///
/// ```text
/// release   | expected at
/// ----------+-------------------------------------------------
/// v6.2      | the end of the VMA that the pages are in now
/// v6.3-rc1  | the end of the VMA that they were in
/// v6.3-rc6  | the end of the VMA that they are in now
/// ```
public enum MprotectNext implements Decision {
  AFTER_MERGED,
  /// 2286a6914c77
  AFTER_OLD;

  /// The decision in time.
  public static final History<MprotectNext> HISTORY =
      History.of(MprotectNext.class, AFTER_MERGED)
          .then(
              Fix.merged(
                  "2286a6914c77",
                  "mm: change mprotect_fixup to vma iterator",
                  "v6.3-rc1",
                  AFTER_OLD))
          .then(
              Fix.merged(
                  "2fcd07b7ccd5",
                  "mm/mprotect: Fix successful vma_merge() of next in do_mprotect_pkey()",
                  "v6.3-rc6",
                  AFTER_MERGED));
}
