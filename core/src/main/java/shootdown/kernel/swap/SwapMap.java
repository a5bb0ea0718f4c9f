package shootdown.kernel.swap;

import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Swap;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// How often each swap slot is in use.
public final class SwapMap {
  private final Steps steps;
  private final Swap swap;

  public SwapMap(KernelData data) {
    this.steps = data.steps();
    this.swap = data.swap();
  }

  /// A free slot, which the caller is about to put into the swap cache; inside of its atomic step.
  @Models(
      file = "mm/swap_slots.c",
      function = "folio_alloc_swap",
      leavesOut = "caches of slots: the lowest free slot; no slot is a stated limit")
  int allocate() {
    for (int slot = 0; slot < swap.slots(); slot++) {
      if (swap.map(slot).is(0)) {
        swap.map(slot).write(Swap.HAS_CACHE);
        return slot;
      }
    }
    throw steps.fail(new Violation(Machine.LIMIT, "out of swap"));
  }

  /// One more entry holds the slot, which some entry or the swap cache holds already.
  @Models(file = "mm/swapfile.c", function = "swap_duplicate", leavesOut = "continued counts")
  public void swapDuplicate(int slot) {
    swap.map(slot).add(1);
  }

  /// A slot of a file's page cache is about to name the slot, or does already: SWAP_MAP_SHMEM, a
  /// count of its own that is as good as 1.
  @Models(file = "mm/swapfile.c", function = "swap_shmem_alloc")
  public void swapShmemAlloc(int slot) {
    steps.atomic("swap_shmem_alloc", () -> swap.map(slot).add(1));
  }

  /// One entry less holds the slot. It is free when none does, and the swap cache does not.
  @Models(file = "mm/swapfile.c", function = "swap_free")
  public void swapFree(int slot) {
    steps.atomic(
        "swap_free",
        () -> {
          if (swap.map(slot).read(~Swap.HAS_CACHE) == 0) {
            steps.fail(new Violation("kernel bug", "swap_free of a slot that no entry holds"));
          }
          swap.map(slot).add(-1);
        });
  }

  /// Whether exactly one entry holds the slot: `__swap_count(entry) == 1`, read without a lock.
  @Models(file = "mm/swapfile.c", function = "__swap_count")
  public boolean isHeldOnce(int slot) {
    return steps.scope(() -> swap.map(slot).read(~Swap.HAS_CACHE) == 1);
  }

  /// Keeps everybody else from reading the slot into the swap cache; tells whether the caller may
  /// read it. Not if somebody else does or did, or no entry holds it any more.
  @Models(file = "mm/swapfile.c", function = "swapcache_prepare")
  public boolean swapcachePrepare(int slot) {
    return steps.atomically(
        "swapcache_prepare",
        () -> {
          boolean may = steps.recheck("swapcache_prepare", () -> mayCache(slot));
          if (may) {
            swap.map(slot).set(Swap.HAS_CACHE);
          }
          return may;
        });
  }

  private boolean mayCache(int slot) {
    long map = swap.map(slot).read();
    return map != 0 && (map & Swap.HAS_CACHE) == 0;
  }

  /// Ends what [#swapcachePrepare] began, where the page did not go into the swap cache.
  @Models(file = "mm/swapfile.c", function = "swapcache_clear")
  public void swapcacheClear(int slot) {
    swap.map(slot).clear(Swap.HAS_CACHE);
  }
}
