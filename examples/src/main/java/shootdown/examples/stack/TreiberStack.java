package shootdown.examples.stack;

import java.util.List;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.View;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// A stack of nodes that are linked by words, changed by compare-and-swap of its top; nodes that
/// are taken off are pushed again. (R. K. Treiber, "Systems programming: coping with parallelism",
/// 1986.)
///
/// ```text
/// top       number of the first node (4 bits), 0 for none; above it a count of changes, if counted
/// next[n]   number of the node below node n
/// owned[n]  1 while a task has node n to itself
/// ```
public final class TreiberStack {
  /// What a compare-and-swap compares.
  public enum Top {
    /// the number of the node alone: the same node may have come back with another below it
    NODE,
    /// the number and a count of changes, which never comes back
    NODE_AND_COUNT
  }

  private static final int NODE_BITS = 4;
  private static final long NODE_MASK = (1 << NODE_BITS) - 1;
  private static final Violation TAKEN_TWICE =
      new Violation("owned once", "a node is taken off the stack while a task owns it");
  private static final Violation ON_STACK =
      new Violation("owned once", "a node is on the stack at the end though a task owns it");

  private final Steps steps;
  private final Word top;
  private final Words next;
  private final Words owned;
  private final Top what;

  private TreiberStack(Program program, int nodes, Top what) {
    steps = program.steps();
    top = program.word("top", nodes);
    next = program.words("next", nodes + 1, 0);
    owned = program.words("owned", nodes + 1, 0);
    for (int n = 1; n <= nodes; n++) {
      program.init(next.at(n), n - 1L);
    }
    this.what = what;
  }

  /// A task that takes a node off, and one that takes two off and pushes the first of them again.
  ///
  /// @param nodes on the stack at first, 1 to 15
  public static Program program(int nodes, Top what) {
    var program = new Program();
    var stack = new TreiberStack(program, nodes, what);
    program.task("A", Task.Kind.NORMAL, stack::pop);
    program.task(
        "B",
        Task.Kind.NORMAL,
        () -> {
          long first = stack.pop();
          stack.pop();
          if (first != 0) {
            stack.push(first);
          }
        });
    program.outcome(view -> "top " + (view.get(stack.top) & NODE_MASK));
    program.finalCheck(stack::atEnd);
    return program;
  }

  private List<Violation> atEnd(View view) {
    int node = (int) (view.get(top) & NODE_MASK);
    while (node != 0 && view.get(owned.at(node)) == 0) {
      node = (int) view.get(next.at(node));
    }
    return node == 0 ? List.of() : List.of(ON_STACK);
  }

  private long pop() {
    return steps.call("pop", () -> own(steps.retry("pop", this::tryPop)));
  }

  private Turn<Boolean, Long> tryPop() {
    long seen = top.read();
    long node = seen & NODE_MASK;
    if (node == 0) {
      return Turn.done(0L);
    }
    long below = next.at((int) node).read();
    return top.cas(seen, changed(seen, below)) ? Turn.done(node) : Turn.again(true);
  }

  private long own(long node) {
    if (node != 0 && owned.at((int) node).testAndSet(1)) {
      throw steps.fail(TAKEN_TWICE);
    }
    return node;
  }

  private void push(long node) {
    owned.at((int) node).write(0);
    steps.run("push", () -> steps.retry("push", () -> tryPush(node)));
  }

  private Turn<Boolean, Boolean> tryPush(long node) {
    long seen = top.read();
    next.at((int) node).write(seen & NODE_MASK);
    return top.cas(seen, changed(seen, node)) ? Turn.done(true) : Turn.again(true);
  }

  private long changed(long seen, long node) {
    return switch (what) {
      case NODE -> node;
      case NODE_AND_COUNT -> ((seen >>> NODE_BITS) + 1 << NODE_BITS) | node;
    };
  }
}
