package shootdown.model.truth;

import shootdown.sched.Program;
import shootdown.sched.Words;

/// Locations whose contents a system call in flight is changing: any value is right.
final class Unsettled {
  private final Words words;

  Unsettled(Program program, int locations) {
    this.words = program.words(i -> "unsettled " + i, locations, 0, Long::toString, false);
  }

  boolean is(int location) {
    return !words.at(location).is(0);
  }

  void set(int location, boolean value) {
    words.at(location).write(value ? 1 : 0);
  }

  int index(int location) {
    return words.at(location).index();
  }
}
