package shootdown.examples.lock;

import java.util.ArrayList;
import java.util.List;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// Peterson's algorithm: mutual exclusion of two tasks with reads and writes alone. (G. L.
/// Peterson, "Myths about the mutual exclusion problem", 1981.)
///
/// ```text
/// want[me] = 1; turn = other; while (want[other] && turn == other) ;
/// critical section
/// want[me] = 0
/// ```
public final class Peterson {
  /// What is wrong with it.
  public enum Mistake {
    NONE,
    /// there is no word `turn`: both may wait for each other for ever
    NO_TURN,
    /// `turn` is given away before `want` is said: both may go in
    TURN_BEFORE_WANT
  }

  private static final long NOBODY = -1;

  private final Steps steps;
  private final Words want;
  private final Word turn;
  private final Mistake mistake;

  private Peterson(Program program, Mistake mistake) {
    steps = program.steps();
    want = program.words("want", 2, 0);
    turn = program.word("turn", NOBODY);
    this.mistake = mistake;
  }

  /// Two tasks that each visit a critical section a few times.
  public static Program program(int visits, Mistake mistake) {
    var program = new Program();
    var lock = new Peterson(program, mistake);
    var section = new CriticalSection(program);
    List<Task> tasks = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      int me = t;
      tasks.add(program.task("T" + t, Task.Kind.NORMAL, () -> lock.visit(me, visits, section)));
    }
    program.alike("task", 2).tasks(tasks).words(lock.want).names(lock.turn);
    return program;
  }

  private void visit(int me, int times, CriticalSection section) {
    steps.each(
        0,
        times,
        _ -> {
          enter(me);
          section.visit();
          leave(me);
        });
  }

  private void enter(int me) {
    int other = 1 - me;
    switch (mistake) {
      case NONE -> {
        want.at(me).write(1);
        turn.write(other);
      }
      case NO_TURN -> want.at(me).write(1);
      case TURN_BEFORE_WANT -> {
        turn.write(other);
        want.at(me).write(1);
      }
    }
    steps.retry("wait", () -> mustWait(other) ? Turn.again(true) : Turn.done(true));
  }

  private boolean mustWait(int other) {
    return want.at(other).is(1) && (mistake == Mistake.NO_TURN || turn.is(other));
  }

  private void leave(int me) {
    want.at(me).write(0);
  }
}
