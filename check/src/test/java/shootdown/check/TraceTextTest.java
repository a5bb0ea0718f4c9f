package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Traces as text, of schedules that are given: the text does not depend on what a search finds.
class TraceTextTest {
  private static final LockClass MUTEX = new LockClass("mutex", 0, true, true);

  @Test
  void showsWhoDoesWhatInWhichScope() {
    Supplier<Program> programs =
        () -> {
          var p = new Program();
          var x = p.word("x", 0);
          var lock = p.lock("lock", MUTEX);
          var steps = p.steps();
          p.task(
              "first",
              Task.Kind.NORMAL,
              () ->
                  steps.run(
                      "twice",
                      () -> {
                        lock.lock();
                        steps.note(() -> "has the lock");
                        steps.atomic(
                            "both",
                            () -> {
                              x.add(16);
                              x.clear(16);
                            });
                        lock.unlock();
                      }));
          p.task(
              "B",
              Task.Kind.NORMAL,
              () -> {
                x.cas(1, 2);
                x.cas(0, 3);
                x.test(16);
                x.read(3);
                steps.progress();
                x.is(steps.choose(4));
                x.addUnlessZero(1);
                x.read();
                lock.tryReadLock();
                steps.violate(new Violation("wrong", "it went wrong"));
              });
          p.outcome(view -> "x=" + view.get(x));
          return p;
        };

    assertEquals(
        """
        first      twice:
                1    locks lock
                     (has the lock)
        B       2  x is 0, not 1: not changed
                3  x = 3 (was 0)
        first   4    + x = 19 (was 3)  [both]
                5    | x = 3 (was 19)
        B       6  x & 0x10 is not set
                7  x & 3 is 3
                9  chooses 2 of 4
               10  x is not 2
               11  x = 4 (was 3)
               12  x is 4
               13  cannot read-lock lock
                   wrong: it went wrong
        first  15    unlocks lock
                   ends: x=4
        """,
        TraceText.of(Check.replay(programs, Schedule.parse("0 1*2 0*2 1*3 1c2 1*5 0"))));
  }

  @Test
  void saysWhereACycleBegins() {
    Supplier<Program> programs =
        () -> {
          var p = new Program();
          var x = p.word("x", 0);
          p.task(
              "A",
              Task.Kind.NORMAL,
              () -> {
                x.write(1);
                p.steps().retry("spin", () -> x.is(0) ? Turn.done(true) : Turn.again(true));
              });
          return p;
        };
    var found = Check.run(programs, Options.DEFAULT).violations().getFirst();

    var lines = TraceText.of(found).lines().toList();
    var cycle = found.counterexample().cycle();
    int mark = lines.indexOf("      -- from here on, again and again --");
    assertEquals("livelock: A can go on for ever without progress", lines.getFirst());
    assertEquals("then for ever: " + cycle, lines.getLast());
    assertEquals(lines.size() - 2 - cycle.decisions().size(), mark + 1, () -> lines.toString());
    assertTrue(lines.get(mark + 1).startsWith("A  "), () -> lines.toString());
  }
}
