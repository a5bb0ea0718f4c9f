package shootdown.model.truth;

import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.sched.Steps;

/// What becomes of pages of files that are truncated, or made a hole.
///
/// ```text
/// while it is done          any value is right
/// afterwards
///   truncated               zero: nobody can have made the page anew
///   a hole, page not there  zero, or what was written since the blocks were freed
///   a hole, made anew       what is there: a fault that did not know of the hole has made it, from
///                           zeroes, and what is stored to it from then on is kept; it may have
///                           been to swap, which what was there before has no way back from
/// ```
final class Holes {
  private final Steps steps;
  private final Books books;
  private final Locations locations;
  private final KernelData[] kernel;
  private final Actual actual;

  /// @param kernel where to look at what files have; filled once the kernel exists
  Holes(Steps steps, Books books, Locations locations, KernelData[] kernel, Actual actual) {
    this.steps = steps;
    this.books = books;
    this.locations = locations;
    this.kernel = kernel;
    this.actual = actual;
  }

  /// Pages `from` … `to`-1 are about to be truncated.
  void truncates(int file, int from, int to) {
    pages("truncate begins", file, from, to, books.unsettled()::truncates);
  }

  /// They are about to become a hole.
  void punches(int file, int from, int to) {
    pages("punch begins", file, from, to, books.unsettled()::punches);
  }

  /// The file has a page, in a frame.
  void filled(int pfn, int location) {
    books.holders().set(pfn, location);
    if (books.unsettled().isHole(location)) {
      books.holders().setLate(pfn);
    }
  }

  /// The file's page goes to swap.
  void swappedOut(int pfn, int location) {
    if (books.holders().isLate(pfn, location)) {
      books.unsettled().anewOnSwap(location);
    }
  }

  /// The file has a page again that was on swap.
  void swappedIn(int pfn, int location) {
    books.holders().set(pfn, location);
    if (books.unsettled().isAnewOnSwap(location)) {
      books.holders().setLate(pfn);
    }
  }

  /// They are truncated.
  void truncated(int file, int from, int to) {
    pages(
        "truncate ends",
        file,
        from,
        to,
        location -> ends(location, OptionalInt.empty(), _ -> 0));
  }

  /// They are a hole.
  void punched(int file, int from, int to) {
    pages(
        "punch ends",
        file,
        from,
        to,
        location ->
            ends(location, madeAnew(location), word -> onDisk(location, word)));
  }

  private void pages(String why, int file, int from, int to, IntConsumer each) {
    steps.atomic(
        why, () -> steps.each(from, to, index -> each.accept(locations.ofFile(file, index))));
  }

  /// The frame that has it, if it was made anew: not one that has left the page cache again, unless
  /// for the swap cache.
  private OptionalInt madeAnew(int location) {
    long slot = kernel[0].file(locations.file(location)).slot(locations.index(location)).read();
    boolean swapped = FileData.swappedIn(slot).isPresent();
    var cached = FileData.cachedIn(slot);
    return IntStream.range(0, books.holders().frames())
        .filter(pfn -> books.holders().isLate(pfn, location))
        .filter(pfn -> swapped || cached.isPresent() && cached.get() == pfn)
        .findFirst();
  }

  /// @param absent what the words are of a page that is nowhere
  private void ends(int location, OptionalInt anew, IntToLongFunction absent) {
    var contents = books.contents();
    var swapped = anew.isEmpty() ? anewOnSwap(location) : OptionalInt.empty();
    for (int word = 0; word < contents.wordsPerPage(); word++) {
      long there =
          swapped.isPresent()
              ? actual.onSwap(swapped.getAsInt(), word)
              : absent.applyAsLong(word);
      contents
          .at(location, word)
          .write(anew.isPresent() ? actual.inFrame(anew.getAsInt(), word) : there);
    }
    books.unsettled().settled(location);
    books.holders().forget(location);
    books.writePins()
        .gone(location, pfn -> anew.isPresent() && pfn == anew.getAsInt(), location);
    anew.ifPresent(pfn -> books.holders().set(pfn, location));
  }

  /// The swap slot of a page that was made anew.
  private OptionalInt anewOnSwap(int location) {
    return books.unsettled().isAnewOnSwap(location)
        ? FileData.swappedIn(
            kernel[0]
                .file(locations.file(location))
                .slot(locations.index(location))
                .read())
        : OptionalInt.empty();
  }

  /// Zero, or what was written since the blocks were freed. Nothing of shared memory is on disk.
  private long onDisk(int location, int word) {
    return kernel[0].file(locations.file(location)).disk(locations.index(location), word).read();
  }
}
