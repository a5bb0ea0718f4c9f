package shootdown.check.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shootdown.sched.Alike;
import shootdown.sched.Lock;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// A small program at random, whose tasks are alike: each runs the same code, with its own name in
/// it. Its outcome is all of its memory, so names make a difference.
///
/// @param seed the same program for the same one
/// @param tasks how many
/// @param ring whether each knows its neighbours; else each is like any other
/// @param left which of the things that it must declare it does not, 0 for none
public record AlikeProgram(long seed, int tasks, boolean ring, int left) {
  /// How many things there are to declare.
  public static final int DECLARATIONS = 6;

  private static final LockClass KIND = new LockClass("lock", 0, true, true);
  private static final int MOST = 6;

  /// The same without one of its declarations.
  public AlikeProgram without(int declaration) {
    return new AlikeProgram(seed, tasks, ring, declaration);
  }

  /// Makes the program.
  public Program build() {
    return new Builder(this).build();
  }

  /// Makes all of a program's memory its outcome.
  static void showMemory(Program program) {
    program.outcome(
        view ->
            IntStream.range(0, program.size())
                .mapToObj(w -> Long.toString(view.get(w)))
                .collect(Collectors.joining(" ")));
  }

  /// What a task does, of what is random about it.
  private record Body(List<Integer> kinds, List<Integer> values) {}

  private static final class Builder {
    private final AlikeProgram source;
    private final Program program = new Program();
    private final Steps steps = program.steps();
    private final Alike kind;
    private final Words own;
    private final Word shared;
    private final Word named;
    private final Word set;
    private final List<Lock> locks = new ArrayList<>();

    Builder(AlikeProgram source) {
      this.source = source;
      int n = source.tasks;
      kind = source.ring ? program.ring("task", n) : program.alike("task", n);
      own = program.words("own", n, 0);
      shared = program.word("shared", 0);
      named = program.word("named", -1);
      set = program.word("set", 0);
      for (int i = 0; i < n; i++) {
        locks.add(program.lock("lock" + i, KIND));
      }
    }

    Program build() {
      var random = new Random(source.seed);
      int length = 2 + random.nextInt(source.tasks == 2 ? MOST - 1 : 3);
      var body = new Body(draw(random, length, 17), draw(random, length, 3));
      var all = new ArrayList<Task>();
      for (int i = 0; i < source.tasks; i++) {
        int me = i;
        all.add(program.task("T" + i, Task.Kind.NORMAL, () -> run(body, me)));
      }
      declare(1, () -> kind.tasks(all));
      declare(2, () -> kind.words(own));
      declare(3, () -> kind.names(named));
      declare(4, () -> kind.set(set));
      declare(5, () -> kind.locks(locks));
      showMemory(program);
      return program;
    }

    private static List<Integer> draw(Random random, int length, int bound) {
      return IntStream.range(0, length).mapToObj(_ -> random.nextInt(bound)).toList();
    }

    private void declare(int number, Runnable declaration) {
      if (source.left != number) {
        declaration.run();
      }
    }

    private void run(Body body, int me) {
      long x = 0;
      for (int i = 0; i < body.kinds.size(); i++) {
        x = statement(body.kinds.get(i), body.values.get(i), me, x);
      }
      own.at(me).add(x << 4);
    }

    /// @param x what the task knows: 0 to 2
    private long statement(int what, int value, int me, long x) {
      return switch (what) {
        case 0 -> told(() -> own.at(me).write(value), x);
        case 1 -> told(() -> shared.write(x), x);
        case 2 -> told(() -> shared.add(1), x);
        case 3 -> shared.read() % 3;
        case 4 -> named.cas(-1, me) ? 1 : 0;
        case 5 -> named.is(me) ? 2 : 0;
        case 6 -> told(() -> set.set(1L << me), x);
        case 7 -> set.test(1L << other(me, value)) ? 1 : 2;
        case 8 -> told(() -> own.at(other(me, value)).add(1), x);
        case 9 -> own.at(other(me, value)).is(value) ? 1 : 0;
        case 10 -> told(() -> named.write(other(me, value)), x);
        case 11 -> told(() -> locked(me, value), x);
        case 12 -> steps.scope(() -> named.read() == me ? 1L : 0L);
        case 13 -> steps.atomically("both", () -> both(me, value));
        case 14 -> waits(me, value);
        case 15 -> reports(me, value, x);
        default -> steps.scope(() -> (long) steps.choose(2));
      };
    }

    private static long told(Runnable statement, long x) {
      statement.run();
      return x;
    }

    /// Somebody: in a ring a neighbour; else chosen, which may be the task itself.
    private int other(int me, int value) {
      return source.ring
          ? (me + value) % source.tasks
          : source.left == DECLARATIONS ? steps.choose(source.tasks) : steps.choose(kind);
    }

    private void locked(int me, int value) {
      var lock = locks.get(other(me, value));
      lock.lock();
      if (value == 0) {
        var own = locks.get(me);
        if (!own.isHeld()) {
          own.lock();
          shared.add(1);
          own.unlock();
        }
      }
      named.write(me);
      lock.unlock();
    }

    private long both(int me, int value) {
      long there = shared.read();
      set.clear(1L << me);
      if (there > value) {
        named.write(-1);
      }
      return there & 1;
    }

    private long waits(int me, int value) {
      if (value == 0) {
        set.await(1L << me, 1L << me);
        return 0;
      }
      return steps.retry(
          "until", () -> named.is(me) || shared.is(value) ? Turn.done(1L) : Turn.again(true));
    }

    private long reports(int me, int value, long x) {
      if (x == 1) {
        var violation = new Violation("wrong", value == 0 ? "by " + me : "somehow");
        if (value == 2) {
          throw steps.fail(violation);
        }
        steps.violate(violation);
      }
      return x;
    }
  }
}
