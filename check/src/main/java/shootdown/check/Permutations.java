package shootdown.check;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import shootdown.sched.Program;
import shootdown.sched.Renaming;
import shootdown.sched.Symmetry;

/// Numbers for renamings, of which a search meets few but these again and again, and what they make
/// of tasks and of choices. Number 0 leaves all names as they are.
final class Permutations {
  static final int IDENTITY = 0;

  private final Symmetry symmetry;
  private final int taskCount;
  private final Map<IntBuffer, Integer> ids = new HashMap<>();
  private final List<int[]> names = new ArrayList<>();
  private final List<Renaming> renamings = new ArrayList<>();
  private final List<int[]> tasks = new ArrayList<>();
  private final IntList inverses = new IntList();
  private final EdgeMap products = new EdgeMap();

  Permutations(Program program) {
    symmetry = program.symmetry();
    taskCount = program.tasks().size();
    of(IntStream.range(0, symmetry.names()).toArray());
  }

  /// The number of the renaming that makes `images[i]` of name `i`.
  int of(int[] images) {
    Integer known = ids.get(IntBuffer.wrap(images)); // equal by what is in it
    return known == null ? add(images.clone()) : known;
  }

  private int add(int[] images) {
    int id = names.size();
    ids.put(IntBuffer.wrap(images), id);
    names.add(images);
    var renaming = symmetry.renaming(images);
    renamings.add(renaming);
    tasks.add(IntStream.range(0, taskCount).map(t -> symmetry.task(renaming, t)).toArray());
    inverses.add(-1);
    return id;
  }

  /// One renaming, then another.
  int then(int first, int second) {
    if (first == IDENTITY || second == IDENTITY) {
      return first + second;
    }
    int known = products.get(first, second);
    if (known == Automaton.UNKNOWN) {
      int[] images = names.get(first).clone();
      int[] after = names.get(second);
      for (int i = 0; i < images.length; i++) {
        images[i] = after[images[i]];
      }
      known = of(images);
      products.put(first, second, known);
    }
    return known;
  }

  /// The renaming that takes one back.
  int inverse(int id) {
    if (inverses.get(id) < 0) {
      int[] images = names.get(id);
      int[] back = new int[images.length];
      for (int i = 0; i < back.length; i++) {
        back[images[i]] = i;
      }
      inverses.set(id, of(back));
    }
    return inverses.get(id);
  }

  int task(int id, int task) {
    return id == IDENTITY ? task : tasks.get(id)[task];
  }

  /// A set of tasks, as bits, renamed.
  long tasks(int id, long set) {
    if (id == IDENTITY) {
      return set;
    }
    long images = 0;
    for (long left = set; left != 0; left &= left - 1) {
      images |= 1L << tasks.get(id)[Long.numberOfTrailingZeros(left)];
    }
    return images;
  }

  /// What is chosen in place of `choice` by a choice among names of a kind; as it is if `kind` is
  /// negative.
  int choice(int id, int kind, int choice) {
    return id == IDENTITY || kind < 0
        ? choice
        : symmetry.choice(renamings.get(id), kind, choice);
  }
}
