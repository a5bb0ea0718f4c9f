package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether MADV_WILLNEED reads what is on swap. Without it private memory does not take the advice
/// at all (EBADF).
public enum WillneedSwap implements Decision {
  NO,
  /// 1998cc048901
  YES;

  /// The decision in time.
  public static final History<WillneedSwap> HISTORY =
      History.of(WillneedSwap.class, NO)
          .then(
              Fix.merged(
                  "1998cc048901",
                  "mm: make madvise(MADV_WILLNEED) support swap file prefetch",
                  "v3.9-rc1",
                  YES));
}
