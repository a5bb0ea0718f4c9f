package shootdown.examples.lock;

import java.util.ArrayList;
import java.util.List;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Word;

/// A fair lock: each task draws a ticket, and waits until that is served.
public final class TicketLock {
  /// How a task draws.
  public enum Drawing {
    /// reads the next number and adds to it in one step
    FETCH_AND_ADD,
    /// in two steps: two tasks may draw the same number
    FETCH_THEN_ADD
  }

  private final Steps steps;
  private final Word next;
  private final Word served;
  private final Drawing how;

  private TicketLock(Program program, Drawing how) {
    steps = program.steps();
    next = program.word("next", 0);
    served = program.word("served", 0);
    this.how = how;
  }

  /// So many tasks that each visit a critical section a few times.
  public static Program program(int tasks, int visits, Drawing how) {
    var program = new Program();
    var lock = new TicketLock(program, how);
    var section = new CriticalSection(program);
    List<Task> all = new ArrayList<>();
    for (int t = 0; t < tasks; t++) {
      all.add(
          program.task(
              "T" + t,
              Task.Kind.NORMAL,
              () -> program.steps().each(0, visits, _ -> lock.locked(section::visit))));
    }
    program.alike("task", tasks).tasks(all);
    return program;
  }

  private void locked(Runnable body) {
    long ticket = steps.scope(this::draw);
    served.await(ticket);
    body.run();
    served.write(ticket + 1);
  }

  private long draw() {
    return switch (how) {
      case FETCH_AND_ADD -> steps.atomically("fetch and add", this::fetchAdd);
      case FETCH_THEN_ADD -> fetchAdd();
    };
  }

  private long fetchAdd() {
    long ticket = next.read();
    next.add(1);
    return ticket;
  }
}
