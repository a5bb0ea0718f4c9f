package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What a read of private anonymous memory maps where a huge page may be, and nothing is.
///
/// ```text
/// release    | it maps
/// -----------+-------------------------------
/// v3.7       | a huge page of its own
/// v3.8-rc1   | the huge zero page, read-only
/// ```
public enum HugeZeroPage implements Decision {
  NEVER,
  /// 80371957f098
  READ_FAULTS;

  /// The decision in time. The patch was in the mm tree on top of v3.7 (14 December 2012).
  public static final History<HugeZeroPage> HISTORY =
      History.of(HugeZeroPage.class, NEVER)
          .then(
              Fix.merged(
                  "80371957f098",
                  "thp: setup huge zero page on non-write page fault",
                  "v3.8-rc1",
                  READ_FAULTS));
}
