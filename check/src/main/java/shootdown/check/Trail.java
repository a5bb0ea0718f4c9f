package shootdown.check;

import java.util.Arrays;
import java.util.List;

/// A run under way: the state that it has come to, the steps that it took, and what it shows.
final class Trail implements Stepper.Watcher, Expansion.Steps {
  private static final int NOT_BEGUN = -1;

  final Stepper stepper;
  private final Learned learned;
  private final Findings findings;
  private final Rest rest;
  private int[] task = new int[1024];
  private int[] choice = new int[1024];
  private int length = NOT_BEGUN;

  /// Tasks that wait for a lock which the last step released, as a set of bits.
  long turns;

  Trail(Learned learned, Findings findings, Fingerprints fingerprints) {
    this.learned = learned;
    this.findings = findings;
    rest = new Rest(learned);
    stepper = learned.stepper(fingerprints, this);
  }

  /// Goes to the first state.
  void begin() {
    length = NOT_BEGUN;
    stepper.reset();
    length = 0;
  }

  /// Performs a step of an enabled task; tells whether the run goes on.
  boolean step(int who, int chosen) {
    if (length == task.length) {
      task = Arrays.copyOf(task, 2 * length);
      choice = Arrays.copyOf(choice, 2 * length);
    }
    task[length] = who;
    choice[length] = chosen;
    length++;
    turns = 0;
    return stepper.step(who, chosen);
  }

  /// Takes the last step back; see [Stepper#undo].
  void back(int mark, int vertex, long fingerprint) {
    length--;
    stepper.undo(mark, task[length], vertex, fingerprint);
  }

  /// Judges the state as one in which nobody goes on.
  void rested() {
    var deadlock = rest.deadlock(stepper.at);
    if (deadlock.isPresent()) {
      findings.violation(deadlock.get(), this::whole);
    } else {
      ended();
    }
  }

  /// Judges the state as the end of a run.
  void ended() {
    try {
      findings.outcome(rest.outcome(stepper.memory), this::whole);
      for (var violation : rest.violations(stepper.memory)) {
        findings.violation(violation, this::whole);
      }
    } catch (ProgramBug bug) {
      throw bug.after(() -> Recorded.schedule(whole()));
    }
  }

  /// The same bug, with the run that shows it.
  ProgramBug shown(ProgramBug bug) {
    return bug.after(
        () -> Recorded.schedule(Expansion.of(learned, begun(), Integer.MAX_VALUE)));
  }

  @Override
  public int size() {
    return length;
  }

  @Override
  public int task(int i) {
    return task[i];
  }

  @Override
  public int choice(int i) {
    return choice[i];
  }

  @Override
  public boolean seesOperations() {
    return true;
  }

  @Override
  public void performed(int who, int vertex, long before, long after, long result) {
    turns |= TaskSets.turns(learned, stepper, who, vertex);
  }

  @Override
  public void violated(int who, long id) {
    int operations = stepper.operations;
    findings.violation(
        learned.program.violation(id),
        () ->
            length == NOT_BEGUN
                ? Expansion.beginning(learned, who, operations)
                : Expansion.of(learned, this, operations));
  }

  private List<Recorded> whole() {
    return Expansion.whole(learned, this);
  }

  private Expansion.Steps begun() {
    length = Math.max(0, length);
    return this;
  }
}
