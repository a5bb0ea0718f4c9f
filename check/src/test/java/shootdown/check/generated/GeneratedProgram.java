package shootdown.check.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shootdown.sched.Lock;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;
import shootdown.sched.Words;

/// A small program given as data. Its outcome is all of its memory, and what each task's variable
/// is at its end.
///
/// @param words how many, 0 at first
/// @param locks how many
/// @param tasks what each does
/// @param daemon whether the last task is one
public record GeneratedProgram(
    int words, int locks, List<List<Statement>> tasks, boolean daemon) {
  private static final LockClass KIND = new LockClass("lock", 0, true, true);

  /// Makes the program.
  public Program build() {
    return new Builder(this).build(IntStream.range(0, tasks.size()));
  }

  /// The same program, its tasks numbered the other way round.
  public Program buildReversed() {
    return new Builder(this).build(IntStream.iterate(tasks.size() - 1, t -> t >= 0, t -> t - 1));
  }

  /// Whether all tasks do the same: then they are alike.
  public boolean isAlike() {
    return !daemon && tasks.stream().distinct().count() == 1;
  }

  /// The same program, which says that its tasks are alike.
  public Program buildAlike() {
    var builder = new Builder(this);
    var program = builder.build(IntStream.range(0, tasks.size()));
    program.alike("task", tasks.size()).tasks(program.tasks()).words(builder.last);
    return program;
  }

  private static final class Builder {
    private final GeneratedProgram source;
    private final Program program = new Program();
    private final Steps steps = program.steps();
    private final Words words;

    /// Where tasks keep their variables at their ends.
    private final Words last;

    private final List<Lock> locks = new ArrayList<>();

    Builder(GeneratedProgram source) {
      this.source = source;
      words = program.words("w", source.words, 0);
      last = program.words("last", source.tasks.size(), 0);
      for (int l = 0; l < source.locks; l++) {
        locks.add(program.lock("l" + l, KIND));
      }
    }

    Program build(IntStream order) {
      order.forEach(this::add);
      program.outcome(
          view ->
              IntStream.range(0, source.words + source.tasks.size())
                  .mapToObj(i -> i < source.words ? words.at(i) : last.at(i - source.words))
                  .map(word -> Long.toString(view.get(word)))
                  .collect(Collectors.joining(" ")));
      return program;
    }

    private void add(int t) {
      var body = source.tasks.get(t);
      boolean isLast = t == source.tasks.size() - 1;
      program.task(
          "T" + t,
          isLast && source.daemon ? Task.Kind.DAEMON : Task.Kind.NORMAL,
          () -> last.at(t).write(run(body, 0)));
    }

    private long run(List<Statement> body, long before) {
      long x = before;
      for (var statement : body) {
        x = run(statement, x);
      }
      return x;
    }

    private long run(Statement statement, long x) {
      return switch (statement) {
        case Statement.Read(int word) -> (3 * x + words.at(word).read()) % 27;
        case Statement.Write(int word, long value) -> {
          words.at(word).write(value);
          yield x;
        }
        case Statement.Store(int word) -> {
          words.at(word).write(x % 3);
          yield x;
        }
        case Statement.Add(int word, long value) -> {
          words.at(word).add(value);
          yield x;
        }
        case Statement.Cas(int word, long expected, long update) ->
            words.at(word).cas(expected, update) ? 1 : 0;
        case Statement.Swap(int word, long value) -> words.at(word).swap(value);
        case Statement.Choose(int n) -> steps.choose(n);
        case Statement.Ask(int question) -> steps.chooseByHabit(question, 2);
        case Statement.Await(int word, long value) -> {
          words.at(word).await(value);
          yield x;
        }
        case Statement.Sleep(int word, long value) -> {
          words.at(word).sleepUntil(-1L, value);
          yield x;
        }
        case Statement.If(int word, long value, var then, var otherwise) ->
            run(words.at(word).is(value) ? then : otherwise, x);
        case Statement.IfLocal(long value, var then) -> x == value ? run(then, x) : x;
        case Statement.Locked(int lock, var body) -> locked(locks.get(lock), body, x);
        case Statement.ReadLocked(int lock, var body) -> readLocked(locks.get(lock), body, x);
        case Statement.TryLocked(int lock, var body) -> tryLocked(locks.get(lock), body, x);
        case Statement.TryReadLocked(int lock, var body) ->
            tryReadLocked(locks.get(lock), body, x);
        case Statement.Downgraded(int lock, var body, var after) ->
            downgraded(locks.get(lock), body, after, x);
        case Statement.Atomic(var body) -> steps.atomically("atomic", () -> run(body, x));
        case Statement.Scope(var body) -> steps.scope(() -> run(body, x));
        case Statement.Times(int times, var body) -> times(times, body);
        case Statement.Until(int word, long value, var body) -> until(word, value, body);
        case Statement.Count(int word, long bit, var body) -> count(word, bit, body);
        case Statement.Try(int times, int word, var body) -> tryTo(times, word, body);
        case Statement.Update(int word) -> update(word);
        case Statement.Violate(int number) -> {
          steps.violate(violation(number));
          yield x;
        }
        case Statement.Fail(int number) -> throw steps.fail(violation(number));
        case Statement.Progress() -> {
          steps.progress();
          yield x;
        }
      };
    }

    private static Violation violation(int number) {
      return new Violation("wrong", "number " + number);
    }

    private long locked(Lock lock, List<Statement> body, long x) {
      lock.lock();
      long result = run(body, x);
      lock.unlock();
      return result;
    }

    private long readLocked(Lock lock, List<Statement> body, long x) {
      lock.readLock();
      long result = run(body, x);
      lock.readUnlock();
      return result;
    }

    private long tryLocked(Lock lock, List<Statement> body, long x) {
      if (!lock.tryLock()) {
        return 7;
      }
      long result = run(body, x);
      lock.unlock();
      return result;
    }

    private long tryReadLocked(Lock lock, List<Statement> body, long x) {
      if (!lock.tryReadLock()) {
        return 7;
      }
      long result = run(body, x);
      lock.readUnlock();
      return result;
    }

    private long downgraded(
        Lock lock, List<Statement> body, List<Statement> after, long x) {
      lock.lock();
      long middle = run(body, x);
      lock.downgrade();
      long result = run(after, middle);
      lock.readUnlock();
      return result;
    }

    private long times(int times, List<Statement> body) {
      return steps.<Integer, Long>loop(
          "times",
          0,
          i -> {
            if (i == times) {
              return Turn.done(0L);
            }
            run(body, i);
            return Turn.again(i + 1);
          });
    }

    private long until(int word, long value, List<Statement> body) {
      return steps.retry(
          "until",
          () -> {
            run(body, 0);
            return words.at(word).is(value) ? Turn.done(1L) : Turn.again(true);
          });
    }

    private long count(int word, long bit, List<Statement> body) {
      return steps.retry(
          "count",
          () -> {
            if (words.at(word).test(bit)) {
              return Turn.done(1L);
            }
            words.at(word).add(1);
            run(body, 0);
            return Turn.again(true);
          });
    }

    private long tryTo(int times, int word, List<Statement> body) {
      return steps.<Integer, Long>loop(
          "try",
          0,
          i -> {
            if (i == times) {
              return Turn.done(0L);
            }
            if (words.at(word).cas(0, 1)) {
              return Turn.done(1L);
            }
            run(body, i);
            return Turn.again(i + 1);
          });
    }

    private long update(int word) {
      return steps.retry(
          "update",
          () -> {
            long old = words.at(word).read();
            return words.at(word).cas(old, (old + 1) % 3) ? Turn.done(old) : Turn.again(true);
          });
    }
  }
}
