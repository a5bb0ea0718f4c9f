package shootdown.check;

import java.util.function.Supplier;

/// The checked program itself is faulty: its code threw, or broke a rule of [shootdown.sched].
public final class ProgramBug extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Schedule schedule;

  /// Without a schedule.
  private final transient String what;

  /// Whether it is known where it is.
  private final transient boolean located;

  ProgramBug(String message, Schedule schedule, Throwable cause) {
    this(message, schedule, cause, !schedule.isEmpty());
  }

  private ProgramBug(String what, Schedule schedule, Throwable cause, boolean located) {
    super(what + (schedule.isEmpty() ? "" : "\n  schedule: " + schedule), cause);
    this.schedule = schedule;
    this.what = what;
    this.located = located;
  }

  /// The same, at the end of a run; if nobody has said where it is until now.
  ProgramBug after(Supplier<Schedule> run) {
    return located ? this : new ProgramBug(what, run.get(), getCause(), true);
  }

  /// How to get there; empty where the fault needs no run.
  public Schedule schedule() {
    return schedule;
  }
}
