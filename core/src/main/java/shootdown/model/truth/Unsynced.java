package shootdown.model.truth;

import shootdown.sched.Program;
import shootdown.sched.Words;

/// Which tasks synchronize a page of a file that the disk lacked something of when they began, and
/// that has not been written since.
///
/// One word for each page of a file: a bit for each task.
final class Unsynced {
  private final Words words;

  Unsynced(Program program, int locations) {
    this.words =
        program.words(i -> "unsynced " + i, locations, 0, Long::toBinaryString, false);
  }

  void begins(int location, int task) {
    words.at(location).set(1L << task);
  }

  void written(int location) {
    words.at(location).write(0);
  }

  /// Tells whether the page has still not been written.
  boolean ends(int location, int task) {
    return words.at(location).testAndClear(1L << task);
  }
}
