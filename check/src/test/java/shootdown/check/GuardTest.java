package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.check.CheckTest.program;
import static shootdown.check.CheckTest.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shootdown.sched.Program;

/// A program whose code does not come back is told of, and keeps nobody.
class GuardTest {
  private static final Guard HASTY = new Guard(3, 30);

  /// What the code of these programs waits for; at the end of each test it comes.
  private volatile boolean over;

  private final CompletableFuture<Thread> begun = new CompletableFuture<>();

  static List<Options> waysToSearch() {
    return List.of(
        Options.DEFAULT,
        Options.DEFAULT.withReductions(Reductions.NONE),
        Options.DEFAULT.withWorkers(new Workers(2, 0)),
        Options.DEFAULT.withSearch(new Search.Random(10)),
        Options.DEFAULT.withSearch(new Search.Preemptions(2)));
  }

  @AfterEach
  void letAllEnd() {
    over = true;
  }

  @ParameterizedTest
  @MethodSource("waysToSearch")
  void aTaskThatGoesRoundWithoutAnOperationIsNamed(Options options) {
    mustNameTaskB(() -> Check.run(roundAndRound(), options));
  }

  @Test
  void soIsOneOfASchedule() {
    var schedule = Schedule.parse("0 1");
    mustNameTaskB(() -> Check.replay(roundAndRound(), schedule, HASTY));
  }

  @Test
  void soIsOneInSimulatedTime() {
    mustNameTaskB(
        () -> new Simulation(roundAndRound().get(), _ -> true).run(0, List.of(), _ -> true));
  }

  @Test
  void soIsOneThatWaitsForSomethingElse() {
    var never = new Semaphore(0);
    var bug = given(program(p -> task(p, "A", never::acquireUninterruptibly)));
    never.release();

    assertTrue(bug.getMessage().startsWith("task A does not come back: for 0.09 s"));
    assertTrue(bug.getMessage().contains("Semaphore.acquireUninterruptibly"), bug::getMessage);
  }

  @Test
  void soIsWhatBuildsTheProgram() {
    var bug = given(program(_ -> spin()));

    assertTrue(bug.getMessage().startsWith("what builds the program does not come back"));
  }

  @Test
  void soIsWhatIsAskedAtTheEnd() {
    Consumer<Program> asks =
        p -> {
          task(p, "A", () -> {});
          p.outcome(_ -> spin());
        };

    var bug = given(program(asks));

    assertTrue(bug.getMessage().startsWith("what is asked at the end does not come back"));
  }

  /// Once the code does come back, what was given up ends, too.
  @Test
  void whatWasGivenUpEnds() throws InterruptedException {
    mustNameTaskB(
        () -> new Simulation(roundAndRound().get(), _ -> true).run(0, List.of(), _ -> true));
    over = true;

    assertTrue(begun.join().join(Duration.ofMinutes(5)));
  }

  /// A task that was told to leave its code, and does not.
  @Test
  void soIsOneThatDoesNotLeave() {
    Consumer<Program> holdsOn =
        p -> {
          var x = p.word("x", 0);
          task(
              p,
              "B",
              () -> {
                try {
                  x.await(1);
                } catch (Error leave) {
                  spin();
                }
              });
        };

    mustNameTaskB(() -> Check.replay(program(holdsOn), Schedule.EMPTY, HASTY));
  }

  /// Who waits for a check that does not come back can be interrupted, long before it gives up.
  @Test
  void anInterruptEndsIt() throws InterruptedException {
    var patient = new Guard(1_000_000, 10);
    var thrown = new CompletableFuture<ProgramBug>();
    var caller =
        Thread.ofPlatform()
            .daemon()
            .start(
                () ->
                    thrown.complete(
                        assertThrows(
                            ProgramBug.class,
                            () -> patient.run(() -> Check.run(roundAndRound(), Options.DEFAULT)))));
    begun.join();
    caller.interrupt();
    caller.join();

    assertTrue(thrown.join().getMessage().startsWith("task B does not come back"));
  }

  static List<Search> endless() {
    long runs = Long.MAX_VALUE;
    return List.of(
        new Search.Random(runs),
        new Search.Pct(2, runs),
        new Search.Timed(runs, List.of()),
        new Search.Swarm(runs, Search.Swarm.TABLE_BITS));
  }

  /// Searches end when they are interrupted, also those of programs whose tasks do nothing that
  /// others see.
  @ParameterizedTest
  @MethodSource("endless")
  void anInterruptEndsASearchThatGoesOn(Search search) {
    Thread.currentThread().interrupt();
    var programs = program(p -> task(p, "A", p.word("x", 0)::read));
    var result = Check.run(programs, Options.DEFAULT.withSearch(search));

    assertTrue(result.incomplete().orElseThrow().endsWith("; interrupted"));
    assertTrue(Thread.interrupted());
  }

  /// Each operation that a task comes to is a sign of life.
  @Test
  void operationsAreHeardOf() {
    var pulse = new Pulse();
    var counts = new ArrayList<Long>();
    Consumer<Program> five =
        p -> {
          var x = p.word("x", 0);
          task(
              p,
              "A",
              () -> {
                for (int i = 0; i < 5; i++) {
                  counts.add(pulse.inside().isPresent() ? pulse.count() : -1L);
                  x.add(1);
                }
              });
        };
    pulse.carriedBy(() -> Check.run(program(five), Options.DEFAULT)).run();

    assertTrue(counts.size() > 5);
    assertEquals(counts.stream().sorted().distinct().toList(), counts);
    assertTrue(counts.getFirst() > 0);
    assertTrue(pulse.inside().isEmpty());
  }

  @Test
  void whatIsThrownIsThrown() {
    assertThrows(CompletionException.class, () -> HASTY.run(this::fails));
    assertThrows(StackOverflowError.class, () -> HASTY.run(this::recurses));
    assertEquals(5, HASTY.run(() -> 5));
  }

  private int fails() {
    throw new CompletionException("on purpose", null);
  }

  private int recurses() {
    return 1 + recurses();
  }

  /// B goes round when it sees what A wrote.
  private Supplier<Program> roundAndRound() {
    return program(
        p -> {
          var x = p.word("x", 0);
          task(p, "A", () -> x.write(1));
          task(
              p,
              "B",
              () -> {
                if (x.is(1)) {
                  spin();
                }
              });
        });
  }

  private String spin() {
    begun.complete(Thread.currentThread());
    while (!over) {
      Thread.onSpinWait();
    }
    return "over";
  }

  private static void mustNameTaskB(Supplier<?> check) {
    var bug = assertThrows(ProgramBug.class, () -> HASTY.run(check));
    assertTrue(bug.getMessage().startsWith("task B does not come back"), bug::getMessage);
    assertTrue(bug.getMessage().contains("GuardTest.spin(GuardTest.java:"), bug::getMessage);
    assertTrue(bug.getCause().getStackTrace().length > 0);
  }

  private static ProgramBug given(Supplier<Program> programs) {
    return assertThrows(
        ProgramBug.class, () -> HASTY.run(() -> Check.run(programs, Options.DEFAULT)));
  }
}
