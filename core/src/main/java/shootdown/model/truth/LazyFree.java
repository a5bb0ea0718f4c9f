package shootdown.model.truth;

import shootdown.machine.Layout;
import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// What MADV_FREE allowed to go: words that may hold what was stored last, or 0.
///
/// While a call is in flight it may come after any store to the page, and take it away; a store
/// after the last such call has returned holds.
final class LazyFree {
  private final Words calls;
  private final Word allCalls;
  private final Words free;
  private final int pages;
  private final long all;

  LazyFree(Program program, Layout layout, int locations) {
    this.pages = layout.pages();
    this.all = layout.wordsPerPage() >= 64 ? -1 : (1L << layout.wordsPerPage()) - 1;
    this.calls =
        program.words(
            _ -> "MADV_FREE calls", layout.spaces() * pages, 0, Long::toString, false);
    this.allCalls =
        program.words(_ -> "all MADV_FREE calls", 1, 0, Long::toString, false).at(0);
    this.free =
        program.words(i -> "lazily free " + i, locations, 0, Long::toBinaryString, false);
  }

  void begins(int mm, int vpn, int location) {
    calls.at(mm * pages + vpn).add(1);
    allCalls.add(1);
    free.at(location).write(all);
  }

  void ends(int mm, int vpn) {
    calls.at(mm * pages + vpn).add(-1);
    allCalls.add(-1);
  }

  /// The location's page begins anew: nothing of it may go, but for calls in flight.
  void fresh(int location) {
    free.at(location).write(0);
  }

  /// Nobody can tell whether the location's page is still there.
  void letGo(int location) {
    free.at(location).write(all);
  }

  /// Whether all words of the location may be 0: nobody need have its page any more.
  boolean mayBeGone(int location) {
    return free.at(location).is(all);
  }

  void copy(int from, int to) {
    free.at(to).write(free.at(from).read());
  }

  /// A word was stored to.
  void stored(int mm, int vpn, int location, int word) {
    if (calls.at(mm * pages + vpn).is(0)) {
      free.at(location).clear(1L << word);
    } else {
      free.at(location).set(1L << word);
    }
  }

  /// A word was written through a pin, which does not tell where it is mapped: a call that is in
  /// flight anywhere may concern it.
  void storedThroughPin(int location, int word) {
    if (allCalls.is(0)) {
      free.at(location).clear(1L << word);
    }
  }

  /// Whether the word of a page may be 0, whatever was stored.
  boolean mayBeZero(int mm, int vpn, int location, int word) {
    return free.at(location).test(1L << word) || !calls.at(mm * pages + vpn).is(0);
  }

  /// The word of a location's mask, for checks at rest.
  int index(int location) {
    return free.at(location).index();
  }
}
