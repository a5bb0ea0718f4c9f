package shootdown.check;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Task;

/// A program and all that has been learned of it; shared by everything that searches it.
final class Learned implements Stepper.Edges {
  final Program program;
  final Automaton automaton = new Automaton();
  final Movers movers;
  final int[] roots;
  private final Reductions reductions;
  private final Learner learner;
  private final Lessons lessons = new Lessons();
  private final SecondLook secondLook;

  /// Where the program declares what is alike, and that is to be used.
  final Optional<Images> images;

  Learned(Program program, Reductions reductions) {
    this(program, reductions, 0);
  }

  /// @param seed of what is looked at a second time
  Learned(Program program, Reductions reductions, long seed) {
    this.program = Objects.requireNonNull(program, "no program to check");
    program.begin();
    this.reductions = reductions;
    movers = new Movers(program, automaton, reductions);
    learner = new Learner(program, automaton, lessons, this::learned);
    secondLook = new SecondLook(program, automaton, learner.values, seed);
    images =
        reductions.has(Reduction.SYMMETRY) && !program.symmetry().isEmpty()
            ? Optional.of(new Images(program, automaton, learner))
            : Optional.empty();
    List<Task> tasks = program.tasks();
    if (tasks.size() > Long.SIZE) {
      throw new IllegalArgumentException("more than 64 tasks: " + tasks.size());
    }
    roots = tasks.stream().mapToInt(t -> learner.root(t) & Automaton.VERTEX).toArray();
    images.ifPresent(all -> all.begin(roots));
    movers.renew();
    for (int root : roots) {
      if (automaton.code[root] == Code.CRASH) {
        crashed(root);
      }
    }
  }

  private void learned(int vertex) {
    movers.learned(vertex);
    if (automaton.code[vertex] == Code.CHOOSE
        && reductions.has(Reduction.LOCAL_CHOICES)
        && !automaton.isInBlock(vertex)
        && !automaton.isHead(vertex)) {
      automaton.flags[vertex] |= Automaton.LOCAL;
    }
  }

  @Override
  public int learn(int vertex, long result, long[] memory) {
    int edge = learner.learn(vertex, result, memory);
    secondLook.learned(learner.taughtFrom, learner.taughtTold);
    images.ifPresent(all -> all.learned(vertex, result, memory));
    return edge;
  }

  /// Has some of what was learned done again, to see whether it comes out the same.
  ///
  /// @param fresh the same program, built once more
  /// @throws ProgramBug if a task is not deterministic, with both runs; or if the program is
  ///     another one each time
  void lookAgain(Program fresh) {
    secondLook.atAll();
    secondLook.atAll(fresh);
  }

  /// Vertices of which an edge, when it was learned since the last [#renew], led to an operation
  /// that was known before.
  BitSet closing() {
    return learner.closing;
  }

  /// Number of such edges.
  int closings() {
    return learner.closings;
  }

  /// Learns again what was learned at another time; nothing beyond it.
  void relearn(int vertex, long result) {
    learner.relearn(vertex, result);
    images.ifPresent(Images::relearn);
  }

  /// Classes of all operations from all that is known now: what was searched is to be searched
  /// again.
  void renew() {
    lessons.renew();
    learner.closing.clear();
    movers.renew();
  }

  /// All that was learned, in order.
  Lessons lessons() {
    return lessons;
  }

  /// What happens at vertex `v`, or begins there, by the names of its sites.
  List<String> sites(int v) {
    return learner.sites.getOrDefault(v, List.of());
  }

  /// How often a task's code was run.
  int runs() {
    return learner.runs();
  }

  /// The only task that is followed where tasks stand `at` these vertices, or -1.
  int only(int[] at) {
    return only(automaton, at);
  }

  static int only(Automaton automaton, int[] at) {
    int only = -1;
    for (int t = 0; t < at.length; t++) {
      int flags = automaton.flags[at[t]] & Automaton.ALONE;
      if ((flags & Automaton.MID) != 0) {
        return t;
      }
      if (flags != 0 && only < 0) {
        only = t;
      }
    }
    return only;
  }

  /// Whether a task at `vertex` is the only one that is followed because of a reduction.
  boolean isLocalChoice(int vertex) {
    return (automaton.flags[vertex] & Automaton.ALONE) == Automaton.LOCAL;
  }

  Stepper stepper(Fingerprints fingerprints, Stepper.Watcher watcher) {
    return new Stepper(program, automaton, roots, fingerprints, this, watcher);
  }

  Op op(int vertex) {
    return automaton.op(vertex);
  }

  /// The kind of names that is chosen among at a vertex; -1 where none is.
  int kindOfChoice(int vertex) {
    return automaton.kindOfChoice(vertex);
  }

  /// What an answer to a question says that is put at a vertex where `choice` is chosen: an even
  /// number if it is 0, else the odd one after it; -1 where no question is put. See
  /// [shootdown.sched.Steps#chooseByHabit].
  int answer(int vertex, int choice) {
    boolean asks = automaton.code[vertex] == Code.CHOOSE && automaton.b[vertex] < 0;
    return asks ? 2 * (int) (-1 - automaton.b[vertex]) + (choice == 0 ? 0 : 1) : -1;
  }

  boolean chooses(int vertex) {
    return op(vertex).kind() == OpKind.CHOOSE;
  }

  @Override
  public void crashed(int vertex) {
    var thrown = (Throwable) automaton.what[vertex];
    var task = program.tasks().get(automaton.task[vertex]);
    throw new ProgramBug("task " + task + " threw " + thrown, Schedule.EMPTY, thrown);
  }
}
