package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether reclaim keeps a lazily free page that somebody has a reference to. A disk that reads
/// into it has one, and makes it dirty when it is done.
public enum LazyfreePinned implements Decision {
  DROPPED,
  /// 6c8e2a256915
  KEPT;

  /// The decision in time.
  public static final History<LazyfreePinned> HISTORY =
      History.of(LazyfreePinned.class, DROPPED)
          .then(
              Fix.merged(
                  "6c8e2a256915",
                  "mm: fix race between MADV_FREE reclaim and blkdev direct IO read",
                  "v5.18-rc1",
                  KEPT));
}
