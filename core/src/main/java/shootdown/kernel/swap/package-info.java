/// Swap: of private pages, and of shared memory.
///
/// ```text
/// SwapEntry       what a page-table entry holds of a page that is on swap
/// SwapMap         swap_duplicate(), swap_free(): how many entries hold a slot
/// SwapCache       frames that belong to a slot: lookup, add, remove, read
/// SkipSwapcache   whether a fault may read a page without the swap cache
/// FreeSwap        free_swap_and_cache(): an entry less, and the cached page if it was the last
/// FreeSwapCache   when the cached page goes with it
/// ```
///
/// There is one area, on a device that reads and writes at once (zram, brd: SWP_SYNCHRONOUS_IO),
/// and a slot that is freed is the next to be given out.
///
/// Left out: readahead of other slots, per-CPU caches of slots, a full area (a stated limit of the
/// model), swapoff, zswap, bad slots. How pages of shared memory come here and go is
/// `shootdown.kernel.filemap.ShmemSwap`.
package shootdown.kernel.swap;
