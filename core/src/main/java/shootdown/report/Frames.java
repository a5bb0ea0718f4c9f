package shootdown.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shootdown.model.TestResult.Execution;
import shootdown.model.TestResult.ExecutionStep;
import shootdown.model.TestResult.Kind;

/// Which step of an execution happens inside which: a statement or function holds what comes
/// deeper in its column until something as shallow as itself comes.
final class Frames {
  /// Stands for the frame of a step that is in none.
  static final int NONE = -1;

  private static final Pattern CALL = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*\\(");

  private final List<ExecutionStep> steps;
  private final int[] parent;

  Frames(Execution execution) {
    steps = execution.steps();
    parent = new int[steps.size()];
    List<Deque<Integer>> open = new ArrayList<>();
    execution.columns().forEach(_ -> open.add(new ArrayDeque<>()));
    for (int i = 0; i < parent.length; i++) {
      var step = steps.get(i);
      var frames = open.get(step.column());
      while (!frames.isEmpty() && steps.get(frames.peek()).depth() >= step.depth()) {
        frames.pop();
      }
      parent[i] = frames.isEmpty() ? NONE : frames.peek();
      if (step.kind() == Kind.STATEMENT || step.kind() == Kind.FUNCTION) {
        frames.push(i);
      }
    }
  }

  /// The innermost frame that step `i` is in, or [#NONE].
  int parent(int i) {
    return parent[i];
  }

  /// For each step the index behind the last step that is in it.
  int[] ends() {
    int[] ends = new int[parent.length];
    for (int i = parent.length - 1; i >= 0; i--) {
      ends[i] = Math.max(ends[i], i + 1);
      if (parent[i] != NONE) {
        ends[parent[i]] = Math.max(ends[parent[i]], ends[i]);
      }
    }
    return ends;
  }

  /// The text of the innermost kernel function that step `i` is in, itself included.
  Optional<String> function(int i) {
    for (int frame = i; frame != NONE; frame = parent[frame]) {
      if (steps.get(frame).kind() == Kind.FUNCTION) {
        return Optional.of(steps.get(frame).text());
      }
    }
    return Optional.empty();
  }

  /// What to call a statement or function in few characters: the function that it calls, or the
  /// statement without its semicolon.
  static String nameOf(String text) {
    Matcher call = CALL.matcher(text);
    return call.find() ? call.group(1) : text.strip().replaceFirst(";$", "");
  }
}
