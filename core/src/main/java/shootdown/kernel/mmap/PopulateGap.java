package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What MADV_POPULATE_READ and MADV_POPULATE_WRITE do where nothing is mapped.
///
/// | release | |
/// |---|---|
/// | v5.14 | they go on behind it, and fail at their end: ENOMEM |
/// | v6.10 | they fail: ENOMEM; fa9fcd8bb6e4 |
public enum PopulateGap implements Decision {
  SKIPPED,
  ENDS;

  /// The decision in time. The commit was read; the release is told by its date.
  public static final History<PopulateGap> HISTORY =
      History.of(PopulateGap.class, SKIPPED)
          .then(
              Fix.merged(
                  "fa9fcd8bb6e4",
                  "mm/madvise: don't perform madvise VMA walk for MADV_POPULATE_(READ|WRITE)",
                  "v6.10-rc1",
                  ENDS));
}
