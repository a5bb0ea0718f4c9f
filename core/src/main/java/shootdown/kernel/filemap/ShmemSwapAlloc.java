package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When a swap slot is counted as held by shared memory: before the page cache names it, or only
/// when everybody can find it there and free it.
///
/// | | |
/// |---|---|
/// | before v2.6.33 | afterwards, too; but counts that were below 0 meanwhile came right again |
/// | v2.6.33-rc1 | afterwards: aaa468653b4a |
/// | v2.6.39 | before: 826267cf1e6c; at first under the lock of the entries |
public enum ShmemSwapAlloc implements Decision {
  BEFORE,
  AFTER_UNLOCK;

  /// The decision in time. That the second change is in the release itself, and not yet in its last
  /// candidate, follows from its date, 11 May 2011.
  public static final History<ShmemSwapAlloc> HISTORY =
      History.of(ShmemSwapAlloc.class, BEFORE)
          .then(
              Fix.merged(
                  "aaa468653b4a",
                  "swap_info: note SWAP_MAP_SHMEM",
                  "v2.6.33-rc1",
                  AFTER_UNLOCK))
          .then(
              Fix.merged(
                  "826267cf1e6c",
                  "tmpfs: fix race between truncate and writepage",
                  "v2.6.39",
                  BEFORE));
}
