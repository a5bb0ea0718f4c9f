package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a fault has the page of a file locked until it is mapped.
///
/// ```text
/// release     | the page is | truncation                    | other removal, as of a hole
/// ------------+-------------+-------------------------------+------------------------------
/// v2.6.22     | not locked  | is counted: who finds another | the page may be mapped after
///             |             | count when he is about to map | it was unmapped, and leaves
///             |             | the page begins anew          | the page cache
/// v2.6.23-rc1 | locked      | unmaps the page once more while it is locked
/// ```
public enum FaultLock implements Decision {
  UNLOCKED,
  /// d00806b18315
  LOCKED;

  /// The decision in time.
  public static final History<FaultLock> HISTORY =
      History.of(FaultLock.class, UNLOCKED)
          .then(
              Fix.merged(
                  "d00806b18315",
                  "mm: fix fault vs invalidate race for linear mappings",
                  "v2.6.23-rc1",
                  LOCKED));
}
