package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a page of shared memory is read from swap without the swap cache, where the device is
/// fast. The slot is kept from others meanwhile, as [shootdown.kernel.swap.SkipSwapcache] does
/// since its last fix.
public enum ShmemSkipSwapcache implements Decision {
  NO,
  /// 1dd44c0af4fa
  YES;

  /// The decision in time. The release follows from the date, 8 January 2025, and was not looked
  /// up.
  public static final History<ShmemSkipSwapcache> HISTORY =
      History.of(ShmemSkipSwapcache.class, NO)
          .then(
              Fix.merged(
                  "1dd44c0af4fa",
                  "mm: shmem: skip swapcache for swapin of synchronous swap device",
                  "v6.14-rc1",
                  YES));
}
