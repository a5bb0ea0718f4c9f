package shootdown.model.truth;

import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Machine;
import shootdown.machine.Pte;

/// What is really there, in memory or on swap, for locations whose truth is not known otherwise.
final class Actual {
  private final Machine[] machine;
  private final KernelData[] kernel;
  private final Holders holders;
  private final Contents contents;

  /// @param machine filled once the machine exists
  /// @param kernel likewise
  Actual(Machine[] machine, KernelData[] kernel, Books books) {
    this.machine = machine;
    this.kernel = kernel;
    this.holders = books.holders();
    this.contents = books.contents();
  }

  /// The frame that the discarded page has by now, if any. While reclaim exchanges its entry for a
  /// swap entry there is none, but the frame still counts as mapped; while a fault exchanges them
  /// back, the swap cache has lost the frame already; and while a page migrates, its entry names
  /// the frame that it leaves, also when it has left. One with a NUMA hint maps its page.
  OptionalInt filledBy(Pte pte, int location) {
    boolean migrates = MigrationEntry.isMigration(pte);
    if (VmPageProt.ptePresent(pte) || migrates) {
      if (Holders.contains(holders.get(pte.pfn()), location)) {
        return OptionalInt.of(pte.pfn());
      }
      return migrates ? late(location, _ -> true) : OptionalInt.empty();
    }
    boolean swapped = SwapEntry.isSwap(pte);
    if (swapped && !kernel[0].swap().cache(SwapEntry.slot(pte)).is(0)) {
      return OptionalInt.empty();
    }
    return late(location, swapped ? _ -> true : this::isMapped);
  }

  private OptionalInt late(int location, IntPredicate which) {
    return IntStream.range(0, holders.frames())
        .filter(pfn -> holders.isLate(pfn, location))
        .filter(which)
        .findFirst();
  }

  /// Whether an entry maps this very page: others of its huge page may still be mapped.
  private boolean isMapped(int pfn) {
    var folios = kernel[0].folios();
    var folio = folios.folio(pfn);
    return !folios.small(pfn).mapcount().is(0)
        || folio.isLarge() && !folios.entireMapcount(folio).is(0);
  }

  /// The location becomes what the frame holds, as it is.
  void takeOver(int pfn, int location) {
    holders.add(pfn, location);
    for (int word = 0; word < contents.wordsPerPage(); word++) {
      contents.at(location, word).write(inFrame(pfn, word));
    }
  }

  /// The location becomes what the slot holds, or its frame in the swap cache.
  void takeOverSwapped(int slot, int location) {
    for (int word = 0; word < contents.wordsPerPage(); word++) {
      contents.at(location, word).write(onSwap(slot, word));
    }
  }

  long inFrame(int pfn, int word) {
    return machine[0].memory().at(pfn, word).read();
  }

  /// What the slot holds, or its frame in the swap cache: the device may not have it yet.
  long onSwap(int slot, int word) {
    var swap = kernel[0].swap();
    long cached = swap.cache(slot).read();
    return cached == 0
        ? swap.contents(slot, word).read()
        : inFrame((int) cached - 1, word);
  }
}
