package shootdown.model.truth;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import shootdown.kernel.data.KernelData;
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
  /// back, the swap cache has lost the frame already.
  OptionalInt filledBy(Pte pte, int location) {
    if (pte.present() || MigrationEntry.isMigration(pte)) {
      return Holders.contains(holders.get(pte.pfn()), location)
          ? OptionalInt.of(pte.pfn())
          : OptionalInt.empty();
    }
    boolean swapped = SwapEntry.isSwap(pte);
    if (swapped && !kernel[0].swap().cache(SwapEntry.slot(pte)).is(0)) {
      return OptionalInt.empty();
    }
    return IntStream.range(0, holders.frames())
        .filter(pfn -> holders.isLate(pfn, location))
        .filter(pfn -> swapped || MigrationEntry.isMigration(pte) || isMapped(pfn))
        .findFirst();
  }

  private boolean isMapped(int pfn) {
    var folios = kernel[0].folios();
    return folios.isMapped(folios.folio(pfn));
  }

  /// The location becomes what the frame holds, as it is.
  void takeOver(int pfn, int location) {
    holders.add(pfn, location);
    for (int word = 0; word < contents.wordsPerPage(); word++) {
      contents.at(location, word).write(machine[0].memory().at(pfn, word).read());
    }
  }

  /// The location becomes what the slot holds, or its frame in the swap cache.
  void takeOverSwapped(int slot, int location) {
    var swap = kernel[0].swap();
    long cached = swap.cache(slot).read();
    for (int word = 0; word < contents.wordsPerPage(); word++) {
      contents
          .at(location, word)
          .write(
              cached == 0
                  ? swap.contents(slot, word).read()
                  : machine[0].memory().at((int) cached - 1, word).read());
    }
  }
}
