package shootdown.check;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import shootdown.sched.Executor;
import shootdown.sched.HeldLocks;
import shootdown.sched.Op;
import shootdown.sched.Program;
import shootdown.sched.Turn;

/// Static fields that the code of a program's tasks shares. No search can see them, for nothing
/// sets them back when another run begins: what a task finds there is left from whatever the
/// checker ran before, so some of what could happen is never met.
///
/// The byte code is looked at, from where tasks begin and as far as it calls on. So what is found
/// need not happen in any run. Not found are
///
/// - arrays, collections and other objects in fields that are final;
/// - what lambdas do, and objects behind interfaces, that tasks were given and did not make;
/// - what is called by reflection, in native code, or in archives other than the tasks' own.
public final class SharedStatics {
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /// By class loader and by the methods in which tasks begin: byte code stays what it is, and many
  /// checks begin in the same.
  private static final Map<ClassLoader, Map<Set<String>, List<Shared>>> KNOWN =
      Collections.synchronizedMap(new WeakHashMap<>());

  private SharedStatics() {}

  /// A static field that is not final, and that code of tasks both writes and reads.
  ///
  /// @param name with its class: `Example.next`
  /// @param writers methods that write it
  /// @param readers methods that read it
  public record Shared(String name, List<String> writers, List<String> readers) {
    @Override
    public String toString() {
      return name + ", written in " + String.join(", ", writers) + " and read in "
          + String.join(", ", readers);
    }
  }

  /// Those of a program, by name.
  ///
  /// @throws ProgramBug if a task does not come to its first operation
  public static List<Shared> of(Supplier<Program> programs) {
    return Guard.DEFAULT.run(() -> in(Pulse.watched(programs).get()));
  }

  /// The same, of one that nobody has run yet; to be called where it is watched.
  static List<Shared> in(Program program) {
    var from = begun(program);
    return KNOWN
        .computeIfAbsent(Reach.loaderOf(from), _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(methods(from), _ -> new Reach(from).shared());
  }

  private static Set<String> methods(List<StackFrame> frames) {
    return frames.stream()
        .map(f -> f.getClassName() + "." + f.getMethodName() + f.getDescriptor())
        .collect(Collectors.toSet());
  }

  /// Why a search that has met every state has not met everything, if so.
  static Optional<String> missed(Program program) {
    return in(program).stream()
        .findFirst()
        .map(shared -> "tasks share " + shared + ", which no search sees");
  }

  /// Where the code of tasks is at their first operations.
  private static List<StackFrame> begun(Program program) {
    program.begin();
    var first = new First();
    for (var task : program.tasks()) {
      program.steps().bind(first);
      first.task = task.id();
      try {
        Pulse.current().runs(task);
      } catch (Leave leave) {
        // it came to its first operation
      } catch (RuntimeException | Error thrown) {
        // the search tells when that happens
      } finally {
        program.steps().unbind();
      }
    }
    return first.frames;
  }

  /// Runs a task to its first operation.
  private static final class First implements Executor {
    private final List<StackFrame> frames = new ArrayList<>();
    private int task;

    @Override
    public long perform(Op op) {
      String own = Pulse.class.getName();
      STACK.walk(all -> all.takeWhile(f -> !f.getClassName().equals(own)).toList())
          .forEach(frames::add);
      throw Leave.NOW;
    }

    @Override
    public <T> T scope(String label, Supplier<T> body) {
      return body.get();
    }

    @Override
    public <T> T atomically(String why, Supplier<T> body) {
      return body.get();
    }

    @Override
    public <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body) {
      S live = start;
      while (true) {
        switch (body.apply(live)) {
          case Turn.Again<S, T>(S next) -> {
            Pulse.current().beats();
            live = next;
          }
          case Turn.Done<S, T>(T result) -> {
            return result;
          }
        }
      }
    }

    @Override
    public void note(Supplier<String> text) {
      // nobody reads it
    }

    @Override
    public void pretend(UnaryOperator<HeldLocks> change) {
      // nobody asks
    }

    @Override
    public HeldLocks held() {
      return HeldLocks.NONE;
    }

    @Override
    public int task() {
      return task;
    }
  }
}
