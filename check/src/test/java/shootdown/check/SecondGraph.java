package shootdown.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Task;

/// All states and steps that the second runner meets, and which runs go on for ever in them; by the
/// definition alone, for small graphs.
///
/// A run stays for ever among the states and steps that it meets again and again. It is fair if
/// every task that can go on in one of these states, or gets its turn at a lock by one of these
/// steps, takes one of these steps. If T is the set of tasks that take them, then no other task can
/// go on there, so they are all in the graph of the states where only tasks of T can go on; and
/// since each can be reached from each, in one strongly connected component of it. In turn, a run
/// that meets all of such a component again and again is fair if all of T step in it. Where
/// questions are answered by habit, that is asked once for each way to answer them: each by 0
/// alone, or never by 0.
final class SecondGraph implements SecondSearch.Observer {
  private final Program program;
  private final int tasks;
  private final List<Long> enabled = new ArrayList<>();
  private final List<Long> busy = new ArrayList<>();
  private final List<String> outcomes = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private boolean progressed;
  private long turns;
  private Optional<Answer> answer = Optional.empty();

  /// What is said to a question that habits decide.
  private record Answer(long question, boolean zero) {}

  /// One step that does not fail.
  private record Step(
      int from, int to, int task, boolean progresses, long turns, Optional<Answer> answer) {}

  /// Where a fair run can go on for ever, without getting anything done.
  ///
  /// @param steppers the tasks that step
  /// @param victims normal tasks that are neither at their end nor asleep in some of the states
  /// @param outcomes what the program would call an end in one of the states
  /// @param states as they are numbered
  record Endless(long steppers, long victims, Set<String> outcomes, Set<Integer> states) {
    boolean isLivelock() {
      return victims != 0;
    }
  }

  private SecondGraph(Program program) {
    this.program = program;
    tasks = program.tasks().size();
  }

  /// What the second runner meets.
  ///
  /// @param result as it tells it
  /// @param endless all ways to go on for ever
  record Seen(SecondSearch.Result result, List<Endless> endless) {
    boolean hasLivelock() {
      return endless.stream().anyMatch(Endless::isLivelock);
    }
  }

  static Seen explore(Program program, int maxStates) {
    var graph = new SecondGraph(program);
    var result = SecondSearch.explore(program, maxStates, graph);
    return new Seen(result, graph.endless());
  }

  @Override
  public void entered(int state, List<Schedule.Decision> choices, ThreadedRun run) {
    long can = 0;
    for (var choice : choices) {
      can |= 1L << choice.task();
    }
    long works = 0;
    for (int t = 0; t < tasks; t++) {
      boolean ended = run.isEnded(t);
      boolean asleep = !ended && run.next(t).kind() == OpKind.SLEEP && !run.isEnabled(t);
      boolean normal = program.tasks().get(t).kind() == Task.Kind.NORMAL;
      works |= normal && !ended && !asleep ? 1L << t : 0;
    }
    enabled.add(can);
    busy.add(works);
    outcomes.add(program.outcomeOf(run::value));
  }

  @Override
  public void begins() {
    progressed = false;
    turns = 0;
    answer = Optional.empty();
  }

  @Override
  public void performed(Recorded performed, ThreadedRun run) {
    switch (performed.op().kind()) {
      case PROGRESS -> progressed = true;
      case CHOOSE -> answer = answer(performed);
      case UNLOCK, READ_UNLOCK, DOWNGRADE -> turns |= waitingFor(performed, run);
      default -> {}
    }
  }

  private static Optional<Answer> answer(Recorded chosen) {
    return Optional.of(new Answer(chosen.op().b(), chosen.result() == 0))
        .filter(said -> said.question < 0);
  }

  private long waitingFor(Recorded released, ThreadedRun run) {
    long waiting = 0;
    for (int t = 0; t < tasks; t++) {
      if (t != released.task() && !run.isEnded(t)) {
        var next = run.next(t);
        boolean takes = next.kind() == OpKind.LOCK || next.kind() == OpKind.READ_LOCK;
        waiting |= takes && next.word() == released.op().word() ? 1L << t : 0;
      }
    }
    return waiting;
  }

  @Override
  public void stepped(int from, int task, int to) {
    if (to >= 0) {
      steps.add(new Step(from, to, task, progressed, turns, answer));
    }
  }

  private List<Endless> endless() {
    var found = new ArrayList<Endless>();
    for (long set = 1; set < 1L << tasks; set++) {
      long only = set;
      var among = steps.stream().filter(s -> staysAmong(s, only)).toList();
      for (var decided : decided(among)) {
        for (var component : components(withoutEnds(decided))) {
          long stepping =
              component.stream().mapToLong(s -> 1L << s.task).reduce(0, (a, b) -> a | b);
          if (stepping == only) {
            found.add(endless(component, only));
          }
        }
      }
    }
    return found;
  }

  /// What is left of steps, for each way to answer all questions by 0 alone or never by 0.
  private static List<List<Step>> decided(List<Step> all) {
    var ways = List.of(all);
    var questions =
        all.stream().flatMap(s -> s.answer.stream()).map(Answer::question).distinct().toList();
    for (long question : questions) {
      ways =
          ways.stream()
              .flatMap(
                  left ->
                      Stream.of(true, false)
                          .map(refused -> without(left, new Answer(question, refused))))
              .toList();
    }
    return ways;
  }

  private static List<Step> without(List<Step> all, Answer refused) {
    return all.stream().filter(s -> !s.answer.equals(Optional.of(refused))).toList();
  }

  private Endless endless(List<Step> component, long steppers) {
    long victims = 0;
    var ends = new TreeSet<String>();
    var states = new TreeSet<Integer>();
    for (var step : component) {
      states.add(step.from);
      victims |= busy.get(step.from);
      ends.add(outcomes.get(step.from));
    }
    return new Endless(steppers, victims, ends, states);
  }

  private boolean staysAmong(Step step, long only) {
    long asked =
        enabled.get(step.from) | enabled.get(step.to) | step.turns | 1L << step.task;
    return (asked & ~only) == 0 && !step.progresses;
  }

  /// Without steps after which, or before which, no other step can be: mostly none are left.
  private static List<Step> withoutEnds(List<Step> all) {
    var left = all;
    while (true) {
      var from = new BitSet();
      var to = new BitSet();
      left.forEach(
          s -> {
            from.set(s.from);
            to.set(s.to);
          });
      var fewer = left.stream().filter(s -> from.get(s.to) && to.get(s.from)).toList();
      if (fewer.size() == left.size()) {
        return left;
      }
      left = fewer;
    }
  }

  /// The steps of each strongly connected component: those from whose end their beginning is
  /// reached.
  private static List<List<Step>> components(List<Step> all) {
    var components = new ArrayList<List<Step>>();
    var done = new HashSet<Step>();
    for (var step : all) {
      if (!done.contains(step)) {
        var forth = reached(all, step.to, false);
        var back = reached(all, step.from, true);
        if (forth.get(step.from)) {
          var own =
              all.stream()
                  .filter(s -> forth.get(s.from) && forth.get(s.to))
                  .filter(s -> back.get(s.from) && back.get(s.to))
                  .toList();
          done.addAll(own);
          components.add(own);
        }
      }
    }
    return components;
  }

  private static BitSet reached(List<Step> all, int start, boolean backwards) {
    var reached = new BitSet();
    reached.set(start);
    int before;
    do {
      before = reached.cardinality();
      for (var step : all) {
        if (reached.get(backwards ? step.to : step.from)) {
          reached.set(backwards ? step.from : step.to);
        }
      }
    } while (reached.cardinality() > before);
    return reached;
  }
}
