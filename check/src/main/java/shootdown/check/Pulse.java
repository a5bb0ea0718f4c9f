package shootdown.check;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import shootdown.sched.Program;
import shootdown.sched.Task;

/// Tells whether code of the program's own comes to its next operation. Nothing in Java can end a
/// thread, so whoever runs such code can only be watched: see [Guard].
///
/// One thread at a time runs the program's code; any may watch.
final class Pulse {
  private static final ScopedValue<Pulse> CURRENT = ScopedValue.newInstance();

  private final AtomicLong beats = new AtomicLong();
  private volatile Optional<Inside> inside = Optional.empty();
  private volatile boolean givenUp;

  /// Code of the program's own that runs.
  ///
  /// @param who runs it: `task A`
  /// @param thread on which it is
  record Inside(String who, Thread thread) {}

  /// The one that is watched here; if none is, one that nobody watches.
  ///
  /// @throws IllegalStateException if whoever watched has given up
  static Pulse current() {
    var pulse = CURRENT.isBound() ? CURRENT.get() : new Pulse();
    if (pulse.givenUp) {
      throw new IllegalStateException("nobody waits for this check any more");
    }
    return pulse;
  }

  static boolean isWatched() {
    return CURRENT.isBound();
  }

  /// What `code` does is watched by this.
  Runnable carriedBy(Runnable code) {
    return () -> ScopedValue.where(CURRENT, this).run(code);
  }

  /// It has come to an operation, a scope or a loop.
  void beats() {
    beats.setRelease(beats.getPlain() + 1);
  }

  /// It is back.
  void leaves() {
    inside = Optional.empty();
  }

  /// The same, whose building is watched by who watches where it is built.
  static Supplier<Program> watched(Supplier<Program> programs) {
    return () -> current().answer("what builds the program", programs);
  }

  /// Runs a task's code.
  void runs(Task task) {
    enters(task, Thread.currentThread());
    try {
      task.body().run();
    } finally {
      leaves();
    }
  }

  /// The task is about to go on, on that thread.
  void enters(Task task, Thread thread) {
    enters("task " + task, thread);
  }

  /// The program's answer to something that the checker asks.
  ///
  /// @param who answers
  <T> T answer(String who, Supplier<T> question) {
    enters(who, Thread.currentThread());
    try {
      return question.get();
    } finally {
      leaves();
    }
  }

  private void enters(String who, Thread thread) {
    inside = Optional.of(new Inside(who, thread));
    beats();
  }

  /// Changes whenever something is done.
  long count() {
    return beats.getAcquire();
  }

  /// Nobody watches any more: what runs here ends when it next asks for [#current].
  void giveUp() {
    givenUp = true;
  }

  /// What runs now, if it is not the checker.
  Optional<Inside> inside() {
    return inside;
  }
}
