package shootdown.model.truth;

import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// What was stored last to each word of each location.
final class Contents {
  private final Words values;
  private final int wordsPerPage;

  Contents(Program program, int locations, int wordsPerPage) {
    this.wordsPerPage = wordsPerPage;
    this.values =
        program.words(
            i -> "truth " + i / wordsPerPage + "[" + i % wordsPerPage + "]",
            locations * wordsPerPage,
            0,
            Long::toString,
            false);
  }

  int wordsPerPage() {
    return wordsPerPage;
  }

  Word at(int location, int word) {
    return values.at(location * wordsPerPage + word);
  }
}
