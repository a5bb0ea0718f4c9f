package shootdown.check;

import java.util.List;
import java.util.SplittableRandom;
import shootdown.sched.Cost;
import shootdown.sched.Task;
import shootdown.sched.Timing;

/// One run in simulated time: each task has a clock, and whose next step is due first takes it.
///
/// ```text
/// due(next step) = when the step before was taken + its costs + windows + interruptions
/// a step that is due and not possible waits; when another's step makes it possible, it is due
/// after what it takes to resume
/// ```
///
/// Interruptions that are rare may be made more frequent than they are: a Poisson process of rate
/// `boost * r` instead of `r`. Over a time t with k interruptions that is `boost^k *
/// exp(-(boost-1) r t)` times as likely, so such a run weighs the reciprocal.
final class Clocks {
  private static final int PILOT_RUNS = 200;

  /// A run that is longer ends there.
  private static final int MAX_STEPS = 100_000;

  private final Learned learned;
  private final Walk walk;
  private final Runnable arrived;
  private final Spots spots;
  private final Timing timing;
  private final List<Timing.Interruption> interruptions;
  private final int tasks;
  private final double[] due;
  private final boolean[] waiting;
  private final Spots.Way[] way;
  private final double[][] untilInterrupted;
  private final double[] owed;
  private final double[] began;

  private List<Window> windows = List.of();
  private SplittableRandom random;
  private double boost = 1;
  private double logWeight;
  private double now;
  private double ran;
  private boolean passed;
  private int streak;
  private int lastTask;

  /// @param arrived called in each state of a run
  Clocks(Learned learned, Walk walk, Runnable arrived) {
    this.arrived = arrived;
    this.learned = learned;
    this.walk = walk;
    this.spots = new Spots(learned);
    this.timing = learned.program.timing();
    this.interruptions = timing.interruptions();
    this.tasks = learned.program.tasks().size();
    due = new double[tasks];
    waiting = new boolean[tasks];
    way = new Spots.Way[tasks];
    began = new double[tasks];
    owed = new double[tasks];
    untilInterrupted = new double[tasks][interruptions.size()];
  }

  /// What is the same in many runs.
  ///
  /// @param startWithin tasks start within so many nanoseconds, or a half, a quarter, an eighth
  /// @param boost how many times more frequent than they are preemptions are made; 1 for not
  record Conditions(List<Window> windows, double startWithin, double boost) {}

  /// Runs once; the walk is at its end then, unless it was cut short.
  void run(Conditions how, SplittableRandom chance) {
    random = chance;
    windows = how.windows();
    boost = how.boost();
    begin(how.startWithin() / (1 << random.nextInt(4)));
    while (!walk.isOver() && !isCutShort()) {
      next();
    }
  }

  /// How long the longest task takes, on average of some runs that count for nothing else.
  static double pilot(Learned learned) {
    var walk = new Walk(learned, new Findings(), new Fingerprints(0));
    var clocks = new Clocks(learned, walk, () -> {});
    var seeds = new SplittableRandom(0);
    var how = new Conditions(List.of(), 0, 1);
    double sum = 0;
    try {
      for (int i = 0; i < PILOT_RUNS; i++) {
        clocks.run(how, seeds.split());
        sum += clocks.longest();
      }
    } catch (ProgramBug bug) {
      throw walk.shown(bug);
    }
    return Math.max(1, sum / PILOT_RUNS);
  }

  boolean isCutShort() {
    return !walk.isOver() && walk.length() >= MAX_STEPS;
  }

  /// Whether the run came by a window.
  boolean passed() {
    return passed;
  }

  /// Nanoseconds from the first task's start.
  double nanos() {
    return now;
  }

  /// Nanoseconds from when the longest of the tasks began to its last step.
  private double longest() {
    double longest = 0;
    for (int t = 0; t < tasks; t++) {
      boolean normal = learned.program.tasks().get(t).kind() == Task.Kind.NORMAL;
      longest = normal ? Math.max(longest, due[t] - began[t]) : longest;
    }
    return longest;
  }

  /// Nanoseconds that tasks ran and did not sleep or wait, all together.
  double ran() {
    return ran;
  }

  double weight() {
    return Math.exp(logWeight);
  }

  private void begin(double startWithin) {
    now = 0;
    ran = 0;
    logWeight = 0;
    passed = false;
    streak = 0;
    lastTask = -1;
    walk.begin();
    arrived.run();
    var state = walk.state();
    for (int t = 0; t < tasks; t++) {
      for (int i = 0; i < interruptions.size(); i++) {
        untilInterrupted[t][i] = untilNext(i);
      }
      boolean daemon = learned.program.tasks().get(t).kind() == Task.Kind.DAEMON;
      began[t] = daemon ? 0 : startWithin * random.nextDouble();
      waiting[t] = false;
      owed[t] = 0;
      if (isEnded(state, t)) {
        due[t] = began[t];
      } else {
        way[t] = spots.begin(state.at[t]);
        due[t] = began[t] + onTheWay(t, state.at[t]);
      }
    }
  }

  private void next() {
    var state = walk.state();
    int mid = inTheMiddle(state);
    int task = mid >= 0 ? mid : first(state);
    if (mid < 0) {
      now = due[task];
    }
    step(state, task);
  }

  /// The task that no other may interrupt.
  private int inTheMiddle(Stepper state) {
    int only = learned.only(state.at);
    return only >= 0 && learned.automaton.isMid(state.at[only]) ? only : -1;
  }

  /// Whose step is due first, of those that are possible.
  private int first(Stepper state) {
    while (true) {
      int first = -1;
      for (int t = 0; t < tasks; t++) {
        if (!waiting[t] && !isEnded(state, t) && (first < 0 || due[t] < due[first])) {
          first = t;
        }
      }
      if (first < 0) {
        throw new CheckerBug("all tasks wait, and the run goes on");
      }
      if (state.isEnabled(first)) {
        return first;
      }
      waiting[first] = true;
    }
  }

  private boolean isEnded(Stepper state, int task) {
    return learned.automaton.code[state.at[task]] == Code.END;
  }

  private void step(Stepper state, int task) {
    int from = state.at[task];
    int choices = state.choices(task);
    int choice = choices > 1 ? timing.choose(way[task].step(), choices, random) : 0;
    walk.step(task, choice);
    arrived.run();
    streak = spins(task);
    wake(state, task);
    int to = state.at[task];
    if (!walk.isOver() && !isEnded(state, task)) {
      way[task] = spots.way(from, to, state.mayClose());
      boolean mid = learned.automaton.isMid(to);
      due[task] = mid ? now : now + onTheWay(task, to);
      if (walk.isBack() && walk.sinceBefore() <= streak) {
        due[task] = Math.max(due[task], idleUntil(state, task));
      }
    }
  }

  /// How many steps the task has taken without another's.
  private int spins(int task) {
    int steps = task == lastTask ? streak + 1 : 1;
    lastTask = task;
    return steps;
  }

  /// A task that comes back to a state by itself does so until another steps.
  private double idleUntil(Stepper state, int task) {
    double next = Double.POSITIVE_INFINITY;
    for (int t = 0; t < tasks; t++) {
      if (t != task && !waiting[t] && !isEnded(state, t)) {
        next = Math.min(next, due[t]);
      }
    }
    return next == Double.POSITIVE_INFINITY ? now : next;
  }

  /// Those that waited for what a step has brought about go on.
  private void wake(Stepper state, int stepped) {
    for (int t = 0; t < tasks; t++) {
      if (t != stepped && waiting[t] && state.isEnabled(t)) {
        waiting[t] = false;
        due[t] = now + sum(t, state.at[t], way[t].resuming());
      }
    }
  }

  /// What passes until a task that comes its way takes the step at `vertex`.
  private double onTheWay(int task, int vertex) {
    double nanos = sum(task, vertex, way[task].costs());
    for (var window : windows) {
      var sites =
          switch (window.place()) {
            case BEFORE -> way[task].into();
            case AFTER -> way[task].outOf();
          };
      if (sites.contains(window.site())) {
        passed = true;
        nanos += window.nanos();
      }
    }
    return nanos;
  }

  private double sum(int task, int vertex, List<Cost> costs) {
    double running = 0;
    double asleep = 0;
    for (var cost : costs) {
      double nanos = cost.sample(random);
      running += cost.sleeps() ? 0 : nanos;
      asleep += cost.sleeps() ? nanos : 0;
    }
    ran += running;
    return running + asleep + interrupted(task, vertex, running);
  }

  /// What comes in between while a task runs for so long, and what did before and had to wait.
  private double interrupted(int task, int vertex, double running) {
    double nanos = 0;
    for (int i = 0; i < interruptions.size(); i++) {
      var interruption = interruptions.get(i);
      boolean rare = interruption.preempts();
      logWeight += rare ? (boost - 1) * interruption.perSecond() / 1e9 * running : 0;
      untilInterrupted[task][i] -= running;
      while (untilInterrupted[task][i] < 0) {
        double length = interruption.length().sample(random);
        nanos += rare ? 0 : length;
        owed[task] += rare ? length : 0;
        logWeight -= rare ? Math.log(boost) : 0;
        untilInterrupted[task][i] += untilNext(i);
      }
    }
    if (owed[task] > 0 && !learned.automaton.held(vertex).atomic()) {
      nanos += owed[task];
      owed[task] = 0;
    }
    return nanos;
  }

  private double untilNext(int interruption) {
    var how = interruptions.get(interruption);
    double perNano = how.perSecond() / 1e9 * (how.preempts() ? boost : 1);
    return -Math.log1p(-random.nextDouble()) / perNano;
  }
}
