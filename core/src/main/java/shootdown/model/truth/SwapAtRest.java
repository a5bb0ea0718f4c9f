package shootdown.model.truth;

import static shootdown.model.truth.Oracles.ACCOUNTING;
import static shootdown.model.truth.Oracles.LOST_WRITE;

import java.util.List;
import java.util.function.Predicate;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Swap;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Machine;
import shootdown.machine.Pte;
import shootdown.sched.View;
import shootdown.sched.Violation;

/// What must hold of swap when all threads have ended.
final class SwapAtRest {
  private final Machine machine;
  private final KernelData kernel;
  private final Swap swap;
  private final int spaces;
  private final int pages;

  SwapAtRest(Machine machine, KernelData kernel, int spaces, int pages) {
    this.machine = machine;
    this.kernel = kernel;
    this.swap = kernel.swap();
    this.spaces = spaces;
    this.pages = pages;
  }

  /// What a swap-in would give: the cached frame's word, else the device's.
  long word(View view, int slot, int word) {
    long cached = view.get(swap.cache(slot));
    return cached != 0
        ? view.get(machine.memory().at((int) cached - 1, word))
        : view.get(swap.contents(slot, word));
  }

  /// How many slots each frame is cached for.
  int[] cachedFrames(View view) {
    int[] cached = new int[machine.memory().frames()];
    for (int slot = 0; slot < swap.slots(); slot++) {
      long frame = view.get(swap.cache(slot));
      if (frame != 0) {
        cached[(int) frame - 1]++;
      }
    }
    return cached;
  }

  /// A cached page that nobody knows to be dirty will be dropped some day: the slot must have it.
  void cleanPages(View view, List<Violation> found) {
    for (int slot = 0; slot < swap.slots(); slot++) {
      long frame = view.get(swap.cache(slot));
      if (frame == 0 || isDirty(view, (int) frame - 1) || !isInUse(view, slot)) {
        continue;
      }
      for (int word = 0; word < swap.wordsPerPage(); word++) {
        long there = view.get(machine.memory().at((int) frame - 1, word));
        if (there != view.get(swap.contents(slot, word))) {
          found.add(
              new Violation(
                  LOST_WRITE,
                  "at the end F" + (frame - 1) + " holds " + there
                      + ", which its swap slot has not, and neither page nor PTE is dirty"));
        }
      }
    }
  }

  /// Some entry maps the cached frame or holds the slot, or a file does.
  private boolean isInUse(View view, int slot) {
    int pfn = (int) view.get(swap.cache(slot)) - 1;
    return holders(view)[slot] > 0
        || anyPte(view, pte -> VmPageProt.ptePresent(pte) && pte.pfn() == pfn);
  }

  private boolean isDirty(View view, int pfn) {
    long flags = view.get(kernel.folios().folio(view, pfn).flags());
    return (flags & (Folio.DIRTY | Folio.WRITEBACK)) != 0
        || anyPte(view, pte -> isMappedDirty(pte, pfn));
  }

  private static boolean isMappedDirty(Pte pte, int pfn) {
    return VmPageProt.ptePresent(pte) && pte.pfn() == pfn && pte.dirty();
  }

  /// Each slot's count is the number of entries that hold it, and it is cached if it says so.
  void counts(View view, List<Violation> found) {
    int[] holders = holders(view);
    for (int slot = 0; slot < swap.slots(); slot++) {
      long cached = view.get(swap.cache(slot)) != 0 ? Swap.HAS_CACHE : 0;
      if (view.get(swap.map(slot)) != holders[slot] + cached) {
        found.add(
            new Violation(
                ACCOUNTING,
                "at the end swap_map[" + slot + "] is " + view.get(swap.map(slot)) + ", but "
                    + holders[slot] + " entries hold the slot, and it is "
                    + (cached == 0 ? "not " : "") + "cached"));
      }
    }
  }

  /// How many entries of page tables hold each slot, and pages of files: shared memory.
  private int[] holders(View view) {
    int[] holders = new int[swap.slots()];
    for (int mm = 0; mm < spaces; mm++) {
      for (int vpn = 0; vpn < pages; vpn++) {
        var pte = machine.look(view, mm, vpn);
        if (SwapEntry.isSwap(pte) && SwapEntry.slot(pte) < holders.length) {
          holders[SwapEntry.slot(pte)]++;
        }
      }
    }
    for (var file : kernel.files()) {
      for (int index = 0; index < file.maxPages(); index++) {
        FileData.swappedIn(view.get(file.slot(index))).ifPresent(slot -> holders[slot]++);
      }
    }
    return holders;
  }

  private boolean anyPte(View view, Predicate<Pte> wanted) {
    for (int mm = 0; mm < spaces; mm++) {
      for (int vpn = 0; vpn < pages; vpn++) {
        if (wanted.test(machine.look(view, mm, vpn))) {
          return true;
        }
      }
    }
    return false;
  }
}
