package shootdown.host.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What a program has besides a file, two mappings and free address space.
///
/// @param direct the file, opened with O_DIRECT: `d`
/// @param memory `/proc/self/mem`: `m`
/// @param pipe a pipe: `p`
/// @param owners whether futexes have owners: what then is in a word is the number of a thread,
///     which is another one on each machine, and nothing reckons with it
record Ingredients(boolean direct, boolean memory, boolean pipe, boolean owners) {
  private static final int SELDOM = 4;

  static Ingredients some(SplittableRandom random) {
    return new Ingredients(
        random.nextInt(SELDOM) == 0,
        random.nextInt(SELDOM) == 0,
        random.nextInt(SELDOM) == 0,
        random.nextBoolean());
  }

  /// Statements of the initial state, behind that of the file `f`.
  List<String> statements() {
    var all = new ArrayList<String>();
    if (direct) {
      all.add("d = open(f, O_RDWR|O_DIRECT)");
    }
    if (memory) {
      all.add("m = open(PROC_SELF_MEM, O_RDWR)");
    }
    if (pipe) {
      all.add("p = pipe()");
    }
    return all;
  }
}
