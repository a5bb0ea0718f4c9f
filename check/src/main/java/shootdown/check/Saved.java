package shootdown.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import shootdown.check.Branches.Branch;

/// How far a search has come, but for what it has met, learned and found.
///
/// @param open what is left to search; nothing if all is searched
/// @param counts how much there was
/// @param cameBack whether some run came back to a state that it was in
/// @param foundCycle whether [CycleSearch] found that one can
record Saved(
    List<Branch> open,
    Counts counts,
    boolean cameBack,
    boolean foundCycle) {

  /// Numbers of a search.
  ///
  /// @param transitions steps followed in this pass
  /// @param restarts passes before this one
  /// @param enough states after which this pass ends, since it is known to be in vain
  record Counts(long transitions, int restarts, long enough) {}

  void write(WholeFile.Out out) {
    out.put(counts.transitions);
    out.put(counts.restarts);
    out.put(counts.enough);
    out.put(cameBack);
    out.put(foundCycle);
    out.put(open.size());
    open.forEach(branch -> write(branch, out));
  }

  static Saved read(WholeFile.In in) throws IOException {
    var counts = new Counts(in.getLong(), in.getInt(), in.getLong());
    boolean cameBack = in.getBoolean();
    boolean foundCycle = in.getBoolean();
    int branches = in.getInt();
    var open = new ArrayList<Branch>();
    for (int i = 0; i < branches; i++) {
      open.add(branch(in));
    }
    return new Saved(open, counts, cameBack, foundCycle);
  }

  private static void write(Branch branch, WholeFile.Out out) {
    int length = branch.tasks().length;
    int states = branch.nextTask().length;
    out.put(length);
    out.put(states);
    for (int i = 0; i < length; i++) {
      out.put(branch.tasks()[i]);
      out.put(branch.choices()[i]);
    }
    for (int i = 0; i < states; i++) {
      out.put(branch.nextTask()[i]);
      out.put(branch.nextChoice()[i]);
      out.put(branch.moved()[i]);
    }
  }

  private static Branch branch(WholeFile.In in) throws IOException {
    int length = in.getInt();
    int states = in.getInt();
    var branch =
        new Branch(
            new int[length],
            new int[length],
            new int[states],
            new int[states],
            new boolean[states]);
    for (int i = 0; i < length; i++) {
      branch.tasks()[i] = in.getInt();
      branch.choices()[i] = in.getInt();
    }
    for (int i = 0; i < states; i++) {
      branch.nextTask()[i] = in.getInt();
      branch.nextChoice()[i] = in.getInt();
      branch.moved()[i] = in.getBoolean();
    }
    return branch;
  }
}
