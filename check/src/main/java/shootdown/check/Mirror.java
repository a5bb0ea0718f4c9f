package shootdown.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// What becomes, by renaming, of what a search up to renaming finds: the other runs of its kind,
/// which the search has not followed.
final class Mirror {
  private final Learned learned;
  private final Images images;
  private final Renamings renamings;
  private final Fingerprints fingerprints = new Fingerprints(0);

  /// An image of the end of a run.
  ///
  /// @param by the generators that make it, in this order
  record End(long[] memory, int[] at, List<Integer> by) {}

  Mirror(Learned learned, Images images) {
    this.learned = learned;
    this.images = images;
    renamings = images.renamings();
  }

  /// All images of a state, itself first.
  List<End> ends(long[] memory, int[] at) {
    var all = new ArrayList<End>();
    var met = new HashSet<Long>();
    all.add(new End(memory.clone(), at.clone(), List.of()));
    met.add(fingerprint(all.getFirst()));
    for (int i = 0; i < all.size(); i++) {
      for (int g = 0; g < renamings.count(); g++) {
        var image = image(g, all.get(i));
        if (met.add(fingerprint(image))) {
          all.add(image);
        }
      }
    }
    return all;
  }

  long fingerprint(End end) {
    long all = 0;
    for (int w = 0; w < end.memory.length; w++) {
      all ^= fingerprints.word(w, end.memory[w]);
    }
    for (int t = 0; t < end.at.length; t++) {
      all ^= fingerprints.task(t, end.at[t]);
    }
    return all;
  }

  private End image(int g, End end) {
    int[] at = end.at.clone();
    for (int t = 0; t < at.length; t++) {
      at[renamings.task(g, t)] = images.of(g, end.at[t]);
    }
    return new End(renamings.memory(g, end.memory), at, and(end.by, g));
  }

  /// The images of a vertex that is not its own, each with generators that make it.
  Map<Integer, List<Integer>> of(int vertex) {
    var all = new HashMap<Integer, List<Integer>>();
    var queue = new ArrayList<Integer>();
    all.put(vertex, List.of());
    queue.add(vertex);
    for (int i = 0; i < queue.size(); i++) {
      for (int g = 0; g < renamings.count(); g++) {
        int image = images.of(g, queue.get(i));
        if (!all.containsKey(image)) {
          all.put(image, and(all.get(queue.get(i)), g));
          queue.add(image);
        }
      }
    }
    all.remove(vertex);
    return all;
  }

  private static List<Integer> and(List<Integer> by, int g) {
    var more = new ArrayList<>(by);
    more.add(g);
    return List.copyOf(more);
  }

  /// What becomes of names by generators, one after the other.
  int[] names(List<Integer> by) {
    int[] names = renamings.identity();
    for (int g : by) {
      names = renamings.after(g, names);
    }
    return names;
  }

  /// The image of a task.
  int task(List<Integer> by, int task) {
    int image = task;
    for (int g : by) {
      image = renamings.task(g, image);
    }
    return image;
  }

  /// The image of a run.
  ///
  /// @param vertices where the task that steps stands, for each step
  Expansion.Steps steps(List<Integer> by, Expansion.Steps steps, IntUnaryOperator vertices) {
    return new Expansion.Steps() {
      @Override
      public int size() {
        return steps.size();
      }

      @Override
      public int task(int i) {
        return Mirror.this.task(by, steps.task(i));
      }

      @Override
      public int choice(int i) {
        int vertex = vertices.applyAsInt(i);
        int choice = steps.choice(i);
        for (int g : by) {
          choice = images.choice(g, vertex, choice);
          vertex = images.of(g, vertex);
        }
        return choice;
      }
    };
  }
}
