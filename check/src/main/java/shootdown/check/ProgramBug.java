package shootdown.check;

/// The checked program itself is faulty: its code threw, or broke a rule of [shootdown.sched].
public final class ProgramBug extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Schedule schedule;

  ProgramBug(String message, Schedule schedule, Throwable cause) {
    super(message + (schedule.isEmpty() ? "" : "\n  schedule: " + schedule), cause);
    this.schedule = schedule;
  }

  /// How to get there; empty where the fault needs no run.
  public Schedule schedule() {
    return schedule;
  }
}
