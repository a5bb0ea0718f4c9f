package shootdown.model.truth;

import shootdown.sched.Program;
import shootdown.sched.Words;

/// Locations whose contents a system call in flight is changing: any value is right.
final class Unsettled {
  private static final long TRUNCATED = 1;
  private static final long HOLE = 2;
  private static final long ANEW_ON_SWAP = 4;

  private final Words words;

  Unsettled(Program program, int locations) {
    this.words = program.words(i -> "unsettled " + i, locations, 0, Long::toString, false);
  }

  boolean is(int location) {
    return !words.at(location).is(0);
  }

  /// Whether it is a hole that is being made there.
  boolean isHole(int location) {
    return words.at(location).test(HOLE);
  }

  /// What is on swap there was made since the hole began.
  void anewOnSwap(int location) {
    words.at(location).set(ANEW_ON_SWAP);
  }

  boolean isAnewOnSwap(int location) {
    return words.at(location).test(ANEW_ON_SWAP);
  }

  void truncates(int location) {
    words.at(location).write(TRUNCATED);
  }

  void punches(int location) {
    words.at(location).write(HOLE);
  }

  void settled(int location) {
    words.at(location).write(0);
  }

  int index(int location) {
    return words.at(location).index();
  }
}
