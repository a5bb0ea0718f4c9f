package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How often MADV_REMOVE unmaps the pages of shared memory that become a hole. Before v2.6.23 a
/// fault may map a page as it leaves the page cache.
///
/// | release | |
/// |---|---|
/// | v2.6.16 | before they leave the page cache |
/// | v2.6.21 | before and after: 16a100190d7d |
/// | v3.5 | before: 83e4fa9c16e4; no page is mapped any more that is not locked and in the cache |
public enum HoleUnmap implements Decision {
  BEFORE,
  BEFORE_AND_AFTER;

  /// The decision in time.
  public static final History<HoleUnmap> HISTORY =
      History.of(HoleUnmap.class, BEFORE)
          .then(
              Fix.merged(
                  "16a100190d7d",
                  "[PATCH] holepunch: fix disconnected pages after second truncate",
                  "v2.6.21-rc6",
                  BEFORE_AND_AFTER))
          .then(
              Fix.merged(
                  "83e4fa9c16e4",
                  "tmpfs: support fallocate FALLOC_FL_PUNCH_HOLE",
                  "v3.5-rc1",
                  BEFORE));
}
