package shootdown.kernel.khugepaged;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What khugepaged puts where a page of the new huge page has no old one.
///
/// ```text
/// release   | such a page
/// ----------+------------------------------------------
/// v4.8-rc1  | keeps what the frame held: anybody's data
/// v4.20-rc5 | is zeroed
/// ```
public enum CollapseHoles implements Decision {
  OLD_CONTENTS,
  /// 06a5e1268a5f
  CLEARED;

  /// The decision in time. Hash and first release are from memory.
  public static final History<CollapseHoles> HISTORY =
      History.of(CollapseHoles.class, OLD_CONTENTS)
          .then(
              Fix.merged(
                  "06a5e1268a5f",
                  "mm/khugepaged: collapse_shmem() remember to clear holes",
                  "v4.20-rc5",
                  CLEARED));
}
