package shootdown.kernel.filemap;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.swap.SwapCache;

/// What is asked of a folio that was found in the swap cache as a page of shared memory, once it is
/// locked: it may have left the swap cache, and another may have got the same slot for the same
/// page of the file.
///
/// ```text
/// release  | the folio                          | the page cache must name the slot
/// ---------+------------------------------------+----------------------------------------------
/// v3.0     | had no time to leave the slot: the entry's lock was held
/// v3.1-rc1 | belongs to no file                 | when the folio is added
/// v3.5-rc1 | is in the swap cache for this slot | when the folio is added
/// v3.5-rc7 | is in the swap cache for this slot | at once; when it is added, it is a BUG if not
/// v3.7-rc6 | is in the swap cache for this slot | at once, and when it is added
/// ```
public enum ShmemSwapinCheck implements Decision {
  BELONGS_TO_NONE,
  /// bde05d1ccd51
  IN_SWAP_CACHE,
  /// d189922862e0
  TRUSTED,
  /// 215c02bc33bb
  CONFIRMED;

  /// The decision in time. That a check of the slot came in v3.5, too, and not with the first fix,
  /// makes no difference: who has a reference to a folio finds it in no other slot as long as the
  /// page cache names this one.
  public static final History<ShmemSwapinCheck> HISTORY =
      History.of(ShmemSwapinCheck.class, CONFIRMED)
          .then(
              Fix.merged(
                  "54af60421822",
                  "tmpfs: convert shmem_getpage_gfp to radix-swap",
                  "v3.1-rc1",
                  BELONGS_TO_NONE))
          .then(
              Fix.merged(
                  "bde05d1ccd51",
                  "shmem: replace page if mapping excludes its zone",
                  "v3.5-rc1",
                  IN_SWAP_CACHE))
          .then(
              Fix.merged(
                  "d189922862e0",
                  "shmem: fix negative rss in memcg memory.stat",
                  "v3.5-rc7",
                  TRUSTED))
          .then(
              Fix.merged(
                  "215c02bc33bb",
                  "tmpfs: fix shmem_getpage_gfp() VM_BUG_ON",
                  "v3.7-rc6",
                  CONFIRMED));

  boolean allows(SwapCache cache, FileData file, int index, int slot, Folio folio) {
    return switch (this) {
      case BELONGS_TO_NONE -> folio.mapping().is(0);
      case IN_SWAP_CACHE -> cache.isCachedAs(folio, slot);
      case TRUSTED, CONFIRMED ->
          cache.isCachedAs(folio, slot) && ShmemSwap.isOnSwap(file, index, slot);
    };
  }
}
