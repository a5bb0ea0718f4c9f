package shootdown.model.truth;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import shootdown.machine.Machine;
import shootdown.sched.Steps;

/// What becomes of pages of files that are truncated, or made a hole.
///
/// ```text
/// while it is done          any value is right
/// afterwards
///   truncated               zero: nobody can have made the page anew
///   a hole, page not there  zero
///   a hole, made anew       what is there: a fault that did not know of the hole has made it, from
///                           zeroes, and what is stored to it from then on is kept
/// ```
final class Holes {
  private final Steps steps;
  private final Books books;
  private final Locations locations;
  private final Machine[] machine;

  /// @param machine where to look at what is really there; filled once the machine exists
  Holes(Steps steps, Books books, Locations locations, Machine[] machine) {
    this.steps = steps;
    this.books = books;
    this.locations = locations;
    this.machine = machine;
  }

  /// A system call is about to do it to pages `from` … `to`-1.
  void begins(int file, int from, int to) {
    steps.atomic(
        "truncate begins",
        () ->
            steps.each(
                from,
                to,
                index -> books.unsettled().set(locations.ofFile(file, index), true)));
  }

  /// The file has a page, in a frame.
  void filled(int pfn, int location) {
    books.holders().set(pfn, location);
    if (books.unsettled().is(location)) {
      books.holders().setLate(pfn);
    }
  }

  /// Pages `from` … `to`-1 are truncated.
  void truncated(int file, int from, int to) {
    steps.atomic(
        "truncate ends",
        () ->
            steps.each(
                from, to, index -> ends(locations.ofFile(file, index), OptionalInt.empty())));
  }

  /// They are a hole.
  void punched(int file, int from, int to) {
    steps.atomic(
        "punch ends",
        () ->
            steps.each(
                from,
                to,
                index -> {
                  int location = locations.ofFile(file, index);
                  ends(location, madeAnew(location));
                }));
  }

  private OptionalInt madeAnew(int location) {
    return IntStream.range(0, books.holders().frames())
        .filter(pfn -> books.holders().isLate(pfn, location))
        .findFirst();
  }

  private void ends(int location, OptionalInt anew) {
    var contents = books.contents();
    for (int word = 0; word < contents.wordsPerPage(); word++) {
      contents.at(location, word).write(anew.isPresent() ? there(anew.getAsInt(), word) : 0);
    }
    books.unsettled().set(location, false);
    books.holders().forget(location);
    books.writePins()
        .gone(location, pfn -> anew.isPresent() && pfn == anew.getAsInt(), location);
    anew.ifPresent(pfn -> books.holders().set(pfn, location));
  }

  private long there(int pfn, int word) {
    return machine[0].memory().at(pfn, word).read();
  }
}
