package shootdown.check;

import java.util.ArrayList;
import java.util.List;

/// Tells a run of merged steps operation by operation.
///
/// What tasks do unseen before their first step, and where they are the only one that is followed
/// since they choose, is told where they next step: nobody can see the difference, and the run has
/// fewer switches between tasks. Unless a guess about a word is known to be wrong ([Movers]): then
/// everything is told where it happened.
final class Expansion implements Stepper.Watcher {
  private final Learned learned;
  private final Stepper stepper;
  private final List<List<Recorded>> unseen = new ArrayList<>();
  private final List<Recorded> run = new ArrayList<>();
  private boolean begun;
  private final List<Recorded> into = new ArrayList<>();

  private Expansion(Learned learned) {
    this.learned = learned;
    learned.program.tasks().forEach(_ -> unseen.add(new ArrayList<>()));
    stepper = learned.stepper(new Fingerprints(0), this);
  }

  /// The operations of `steps`, the last of which is cut after `lastOperations`.
  static List<Recorded> of(Learned learned, Steps steps, int lastOperations) {
    return new Expansion(learned).expand(steps, lastOperations);
  }

  /// As [#of], and what the tasks that took no step did unseen at their beginning.
  static List<Recorded> whole(Learned learned, Steps steps) {
    var expansion = new Expansion(learned);
    expansion.expand(steps, Integer.MAX_VALUE);
    expansion.unseen.forEach(expansion.run::addAll);
    return expansion.run;
  }

  /// What `task` does before its first step, cut after `operations`.
  static List<Recorded> beginning(Learned learned, int task, int operations) {
    var expansion = new Expansion(learned);
    expansion.reset();
    for (int before = 0; before < task && learned.movers.isOutdated(); before++) {
      expansion.begin(before);
    }
    var all = expansion.unseen.get(task);
    expansion.run.addAll(all.subList(0, Math.min(operations, all.size())));
    return expansion.run;
  }

  /// A run and what may follow for ever: `steps`, of which the last `cycle` come back to the state
  /// before them. What the cycle's tasks do before their first step is no part of the cycle.
  static List<List<Recorded>> lasso(Learned learned, Steps steps, int cycle) {
    var expansion = new Expansion(learned);
    expansion.beginAll();
    int prefix = steps.size() - cycle;
    for (int i = 0; i < prefix; i++) {
      expansion.step(steps, i);
    }
    for (int i = prefix; i < steps.size(); i++) {
      expansion.begin(steps.task(i));
    }
    var before = List.copyOf(expansion.run);
    expansion.run.clear();
    for (int i = prefix; i < steps.size(); i++) {
      expansion.step(steps, i);
    }
    return List.of(before, List.copyOf(expansion.run));
  }

  /// Decisions of a search: who steps, and what it chooses.
  interface Steps {
    int size();

    int task(int i);

    int choice(int i);
  }

  private List<Recorded> expand(Steps steps, int lastOperations) {
    beginAll();
    try {
      for (int i = 0; i < steps.size(); i++) {
        boolean last = i == steps.size() - 1;
        if (!last && mayWait(steps.task(i))) {
          perform(steps, i);
          unseen.get(steps.task(i)).addAll(into);
          continue;
        }
        step(steps, i);
        if (last && lastOperations < into.size()) {
          return List.copyOf(run.subList(0, run.size() - into.size() + lastOperations));
        }
      }
    } catch (ProgramBug bug) {
      run.addAll(into);
    }
    return run;
  }

  private void beginAll() {
    reset();
    begun = true;
    for (int t = 0; t < unseen.size() && learned.movers.isOutdated(); t++) {
      begin(t);
    }
  }

  private boolean mayWait(int task) {
    if (learned.movers.isOutdated()) {
      return false;
    }
    boolean goesOn = !run.isEmpty() && run.getLast().task() == task;
    return !goesOn && learned.isLocalChoice(stepper.at[task]);
  }

  private void step(Steps steps, int i) {
    begin(steps.task(i));
    perform(steps, i);
    run.addAll(into);
  }

  private void perform(Steps steps, int i) {
    into.clear();
    stepper.step(steps.task(i), steps.choice(i));
  }

  private void begin(int task) {
    run.addAll(unseen.set(task, new ArrayList<>()));
  }

  private void reset() {
    try {
      stepper.reset();
    } catch (ProgramBug bug) {
      begun = false;
    }
  }

  @Override
  public boolean seesOperations() {
    return true;
  }

  @Override
  public void performed(int task, int vertex, long before, long after, long result) {
    var op = learned.op(vertex);
    boolean touches = op.kind().touchesWord();
    var recorded = new Recorded(task, op, touches ? before : 0, touches ? after : 0, result);
    (begun ? into : unseen.get(task)).add(recorded);
  }

  @Override
  public void violated(int task, long id) {
    // it was reported when the search met it
  }
}
