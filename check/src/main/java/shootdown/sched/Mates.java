package shootdown.sched;

import java.util.Arrays;
import java.util.List;

/// Words that are one with another word in what is modelled, told apart for convenience. Whoever
/// tears an update of that word writes back what these were.
///
/// @param words indices
/// @param torn what is wrong if one of them had changed in between
record Mates(List<Integer> words, Violation torn) {
  static final Mates NONE = new Mates(List.of(), new Violation("", ""));

  static Mates of(Violation torn, int... words) {
    return new Mates(Arrays.stream(words).boxed().toList(), torn);
  }
}
