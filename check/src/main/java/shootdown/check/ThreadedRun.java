package shootdown.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import shootdown.sched.Executor;
import shootdown.sched.HeldLocks;
import shootdown.sched.Op;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;

/// One run of a program whose tasks are real threads. Of all threads one runs at a time: whoever
/// has the baton. A task announces its next operation and waits; the run's owner decides who goes
/// on. [#close] ends all threads.
final class ThreadedRun implements Executor, AutoCloseable {
  private final Program program;
  private final long[] memory;
  private final Histories histories;
  private final Listener listener;
  private final List<TaskThread> threads = new ArrayList<>();
  private final Semaphore back = new Semaphore(0);
  private final Pulse pulse = Pulse.current();
  private TaskThread running;
  private boolean stopping;

  /// Is told what tasks do besides operations.
  interface Listener {
    Listener NONE = new Listener() {};

    default void entered(int task, String label) {}

    default void left(int task, String label) {}

    default void noted(int task, Supplier<String> text) {}

    default void ended(int task) {}
  }

  /// Leaves a task's code.
  private static final class Stop extends Error {
    private static final long serialVersionUID = 1;

    Stop() {
      super("the run is over", null, false, false);
    }
  }

  /// A task's thread and what it waits with.
  private static final class TaskThread {
    final Task task;
    final Semaphore baton = new Semaphore(0);
    final Thread thread;
    Op next;
    long told;
    boolean ended;
    Throwable thrown;
    int history = Histories.EMPTY;
    HeldLocks held = HeldLocks.NONE;
    String atomic = "";
    boolean inAtomic;
    boolean mid;

    /// Whether nobody waits any more for it to come back.
    boolean lost;

    TaskThread(Task task, Runnable code) {
      this.task = task;
      this.thread = Thread.ofVirtual().name(task.name()).unstarted(code);
    }
  }

  ThreadedRun(Program program, Histories histories, Listener listener) {
    this.program = program;
    this.histories = histories;
    this.listener = listener;
    memory = program.initialMemory();
    program.begin();
    program.steps().bind(this);
    for (Task task : program.tasks()) {
      threads.add(new TaskThread(task, () -> live(task.id())));
    }
    try {
      for (var thread : threads) {
        running = thread;
        thread.thread.start();
        awaitBaton(thread);
      }
    } catch (RuntimeException bug) {
      close();
      throw bug;
    }
  }

  /// Whether the task has ended.
  boolean isEnded(int task) {
    return threads.get(task).ended;
  }

  /// The operation that the task will perform next.
  Op next(int task) {
    return threads.get(task).next;
  }

  boolean isEnabled(int task) {
    var thread = threads.get(task);
    return !thread.ended && thread.next.enabled(valueOf(thread.next));
  }

  /// Whether the task is in the middle of an atomic block.
  boolean isMid(int task) {
    return threads.get(task).mid;
  }

  /// Label of the atomic block of the task's next operation; empty for none.
  String atomic(int task) {
    return threads.get(task).atomic;
  }

  /// Number of the task's history, [Histories#ENDED] when it has ended.
  int history(int task) {
    var thread = threads.get(task);
    return thread.ended ? Histories.ENDED : thread.history;
  }

  long value(int word) {
    return memory[word];
  }

  int words() {
    return memory.length;
  }

  /// Performs the task's next operation and lets it come to the one after that.
  ///
  /// @param choice what it chooses if it chooses
  /// @return what was performed
  Recorded perform(int task, long choice) {
    var thread = threads.get(task);
    var op = thread.next;
    long before = valueOf(op);
    long after = op.after(before, task);
    long result = op.kind() == shootdown.sched.OpKind.CHOOSE ? choice : op.result(before);
    if (op.kind().touchesWord()) {
      memory[op.word()] = after;
    }
    var performed = new Recorded(task, op, before, after, result);
    if (op.kind() == shootdown.sched.OpKind.FAIL) {
      return performed;
    }
    thread.told = result;
    thread.held = thread.held.after(op, result, program.lockAt(op.word()));
    thread.history = histories.told(thread.history, result);
    thread.mid = thread.inAtomic;
    running = thread;
    thread.baton.release();
    awaitBaton(thread);
    return performed;
  }

  private long valueOf(Op op) {
    return op.kind().touchesWord() ? memory[op.word()] : 0;
  }

  private void awaitBaton(TaskThread from) {
    pulse.enters(from.task, from.thread);
    try {
      back.acquire();
    } catch (InterruptedException interrupted) {
      from.lost = true;
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    } finally {
      pulse.leaves();
    }
    if (from.thrown != null) {
      throw bug(from, "threw " + from.thrown, from.thrown);
    }
    if (from.ended) {
      listener.ended(from.task.id());
    }
  }

  private static ProgramBug bug(TaskThread thread, String what, Throwable thrown) {
    return new ProgramBug("task " + thread.task + " " + what, Schedule.EMPTY, thrown);
  }

  private void live(int task) {
    var self = threads.get(task);
    try {
      self.task.body().run();
    } catch (Stop stop) {
      // the owner wants no more of this run
    } catch (Throwable thrown) {
      if (!stopping) {
        self.thrown = thrown;
      }
    }
    self.ended = true;
    back.release();
  }

  /// Ends all threads, and waits for those that come back.
  @Override
  public void close() {
    stopping = true;
    for (var thread : threads) {
      if (thread.lost || thread.thread.getState() == Thread.State.NEW) {
        continue;
      }
      thread.baton.release();
      join(thread);
    }
    program.steps().unbind();
  }

  /// One that was told to end; an interrupt is kept for later.
  private void join(TaskThread thread) {
    boolean interrupted = Thread.interrupted();
    pulse.enters(thread.task, thread.thread);
    try {
      thread.thread.join();
    } catch (InterruptedException again) {
      interrupted = true;
    } finally {
      pulse.leaves();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // what follows runs on the tasks' threads

  @Override
  public long perform(Op op) {
    leaveIfStopping();
    var self = running;
    self.next = op;
    back.release();
    self.baton.acquireUninterruptibly();
    leaveIfStopping();
    return self.told;
  }

  @Override
  public <T> T scope(String label, Supplier<T> body) {
    leaveIfStopping();
    var self = running;
    int before = self.history;
    self.history = histories.entered(before);
    listener.entered(self.task.id(), label);
    T result = body.get();
    listener.left(self.task.id(), label);
    self.history = histories.returned(before, result, self.held, self.mid);
    return result;
  }

  @Override
  public <T> T atomically(String why, Supplier<T> body) {
    leaveIfStopping();
    var self = running;
    if (self.inAtomic) {
      return body.get();
    }
    int before = self.history;
    self.history = histories.entered(before);
    self.inAtomic = true;
    self.atomic = why;
    T result = body.get();
    self.inAtomic = false;
    self.mid = false;
    self.atomic = "";
    self.history = histories.returned(before, result, self.held, false);
    return result;
  }

  @Override
  public <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body) {
    leaveIfStopping();
    var self = running;
    int before = self.history;
    S live = start;
    while (true) {
      self.history = histories.turn(before, live, self.held, self.mid);
      switch (body.apply(live)) {
        case Turn.Again<S, T>(S next) -> live = next;
        case Turn.Done<S, T>(T result) -> {
          self.history = histories.returned(before, result, self.held, self.mid);
          return result;
        }
      }
    }
  }

  @Override
  public void note(Supplier<String> text) {
    listener.noted(running.task.id(), text);
  }

  @Override
  public void pretend(UnaryOperator<HeldLocks> change) {
    running.held = change.apply(running.held);
  }

  @Override
  public HeldLocks held() {
    return running.held;
  }

  @Override
  public int task() {
    return running.task.id();
  }

  private void leaveIfStopping() {
    if (stopping) {
      throw new Stop();
    }
  }
}
