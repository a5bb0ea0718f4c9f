package shootdown.check.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import shootdown.sched.Alike;
import shootdown.sched.Lock;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// A small program at random of loops: tasks that are alike go round, hand each other a turn, take
/// locks and wait for each other. Many of them can go on for ever, and many come back to a state
/// with other names.
///
/// @param seed the same program for the same one
/// @param tasks how many
/// @param ring whether each knows its neighbours; else each is like any other
/// @param daemons whether they are daemons; one more task, which is none, then waits or ends
public record AlikeLoops(long seed, int tasks, boolean ring, boolean daemons) {
  private static final LockClass KIND = new LockClass("lock", 0, true, true);

  /// Makes the program.
  public Program build() {
    return new Builder(this).build();
  }

  private static final class Builder {
    private final AlikeLoops source;
    private final Program program = new Program();
    private final Steps steps = program.steps();
    private final Random random;
    private final Alike kind;
    private final Words own;
    private final Word named;
    private final Word set;
    private final List<Lock> locks = new ArrayList<>();
    private final Lock common;

    Builder(AlikeLoops source) {
      this.source = source;
      random = new Random(source.seed);
      int n = source.tasks;
      kind = source.ring ? program.ring("task", n) : program.alike("task", n);
      own = program.words("own", n, 0);
      named = program.word("named", -1);
      set = program.word("set", 0);
      for (int i = 0; i < n; i++) {
        locks.add(program.lock("lock" + i, KIND));
      }
      common = program.lock("common", KIND);
    }

    Program build() {
      int[] kinds = IntStream.range(0, 1 + random.nextInt(3)).map(_ -> draw(14)).toArray();
      int[] values = IntStream.range(0, kinds.length).map(_ -> draw(3)).toArray();
      int leaves = draw(4);
      int waits = draw(3);
      var all = new ArrayList<Task>();
      for (int i = 0; i < source.tasks; i++) {
        int me = i;
        var how = source.daemons ? Task.Kind.DAEMON : Task.Kind.NORMAL;
        all.add(program.task("T" + i, how, () -> goRound(kinds, values, leaves, me)));
      }
      kind.tasks(all).words(own).names(named).set(set).locks(locks);
      if (source.daemons) {
        program.task("N", Task.Kind.NORMAL, () -> waitFor(waits));
      }
      AlikeProgram.showMemory(program);
      return program;
    }

    private int draw(int bound) {
      return random.nextInt(bound);
    }

    private void waitFor(int what) {
      if (what == 1) {
        common.lock();
        common.unlock();
      } else if (what == 2) {
        steps.retry("until", () -> named.is(-1) ? Turn.again(true) : Turn.done(true));
      }
    }

    private void goRound(int[] kinds, int[] values, int leaves, int me) {
      steps.retry(
          "round",
          () -> {
            boolean x = named.is(me);
            for (int i = 0; i < kinds.length; i++) {
              x = statement(kinds[i], values[i], me, x);
            }
            boolean ends =
                switch (leaves) {
                  case 1 -> x;
                  case 2 -> own.at(me).is(1);
                  default -> false;
                };
            return ends ? Turn.done(true) : Turn.again(true);
          });
    }

    private boolean statement(int what, int value, int me, boolean x) {
      return switch (what) {
        case 0 -> named.is(me);
        case 1 -> told(() -> pass(me, value), x);
        case 2 -> named.cas(-1, me);
        case 3 -> told(() -> set.set(1L << me), x);
        case 4 -> told(() -> set.clear(1L << me), x);
        case 5 -> set.test(1L << other(me, value));
        case 6 -> told(() -> own.at(me).write(value & 1), x);
        case 7 -> told(() -> own.at(other(me, value)).write(x ? 1 : 0), x);
        case 8 -> told(() -> locked(common, me, value), x);
        case 9 -> told(() -> locked(locks.get(other(me, value)), me, value), x);
        case 10 -> steps.choose(2) == 1;
        case 11 -> told(() -> waits(me, value), x);
        case 12 -> told(() -> progresses(x), x);
        default -> steps.atomically("hand over", () -> handOver(me, value));
      };
    }

    private static boolean told(Runnable statement, boolean x) {
      statement.run();
      return x;
    }

    /// Somebody: in a ring a neighbour; else chosen, which may be the task itself.
    private int other(int me, int value) {
      return source.ring ? (me + value) % source.tasks : steps.choose(kind);
    }

    private void pass(int me, int value) {
      if (named.is(me)) {
        named.write(value == 0 ? -1 : other(me, value));
      }
    }

    private boolean handOver(int me, int value) {
      boolean mine = named.is(me);
      if (mine) {
        named.write(-1);
        set.set(1L << me);
      } else if (value > 0) {
        set.clear(1L << me);
      }
      return mine;
    }

    private void locked(Lock lock, int me, int value) {
      lock.lock();
      if (value > 0) {
        named.write(me);
      }
      lock.unlock();
    }

    private void waits(int me, int value) {
      if (value == 0) {
        set.await(1L << me, 1L << me);
      } else if (value == 1) {
        set.await(1L << me, 0);
      } else {
        steps.retry("until", () -> named.is(me) ? Turn.done(true) : Turn.again(true));
      }
    }

    private void progresses(boolean x) {
      if (x) {
        steps.progress();
      }
    }
  }
}
