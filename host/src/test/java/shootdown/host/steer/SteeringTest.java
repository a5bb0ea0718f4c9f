package shootdown.host.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shootdown.host.steer.Steering.Learned;
import shootdown.host.worker.Plan;
import shootdown.host.worker.Points.Point;
import shootdown.host.worker.Slots;
import shootdown.host.worker.WorkerProgram;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;

/// Rounds with simulated times: nothing is run.
class SteeringTest {
  private static final String SOURCE =
      """
      MM two

      {
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
      }

      P0()
      {
        *x = 1;
        madvise(x, PAGE, MADV_DONTNEED);
        *x = 2;
      }

      P1()
      {
        mprotect(x, PAGE, PROT_READ);
      }
      """;

  private static final String WANTED = "wanted";
  private static final String USUAL = "usual";
  private static final String RARE = "rare";
  /// Ticks that the simulated statements take: the last one is P1's.
  private static final long[] DURATIONS = {10, 300, 10, 10_000};
  private static final int LONG = 3;
  private static final int CALL = 1;
  private static final int MANY = 400;

  private final Slots slots = slots(SOURCE);
  private final SplittableRandom random = new SplittableRandom(7);

  private static Slots slots(String source) {
    return WorkerProgram.withMeetings(test(source), Path.of("/ring"), Path.of("/mnt"), 2).slots();
  }

  private static LitmusTest test(String source) {
    return ((ParseResult.Parsed) Litmus.parse("two.litmus", source)).test();
  }

  private Steering steering(Optional<Learned> given) {
    return new Steering(slots, 2, 1, given);
  }

  /// What comes out of a round that begins so.
  private interface Kernel {
    String outcome(Plan.Line line);
  }

  private void run(Steering steering, int rounds, Kernel kernel) {
    for (int i = 0; i < rounds; i++) {
      var line = steering.plan().lines().get(random.nextInt(Plan.LINES));
      var outcome = kernel.outcome(line);
      steering.add(record(line.way()), outcome, outcome.equals(WANTED));
    }
  }

  private long[] record(int way) {
    long[] words = new long[slots.firstTid()];
    words[slots.way()] = way;
    for (var point : slots.points().all()) {
      words[slots.firstTime() + 2 * point.index()] = 1_000;
      words[slots.firstTime() + 2 * point.index() + 1] = 1_000 + DURATIONS[point.index()];
    }
    return words;
  }

  private Point point(int index) {
    return slots.points().all().get(index);
  }

  private static boolean isOf(Plan.Line line, Point outer, Point inner) {
    return line.way() > 0
        && line.first().equals(Plan.Place.of(outer))
        && line.second().equals(Plan.Place.of(inner));
  }

  /// The call of P0 must begin in the second half of P1's, as it is known by its ticks.
  private boolean hits(Plan.Line line) {
    return isOf(line, point(LONG), point(CALL))
        && line.delay().least() >= DURATIONS[LONG] / 2
        && line.delay().least() + line.delay().range() <= DURATIONS[LONG];
  }

  @Test
  void beforeDurationsAreKnownAllStartAtRandom() {
    assertEquals(Plan.RANDOM, steering(Optional.empty()).plan());
  }

  @Test
  void mostRoundsGoTheWayThatShowedWhatIsLookedFor() {
    var steering = steering(Optional.empty());
    run(steering, MANY, line -> hits(line) ? WANTED : USUAL);
    var lines = steering.plan().lines();
    assertTrue(lines.stream().filter(this::hits).count() > Plan.LINES / 2, lines::toString);
    assertTrue(lines.contains(Plan.Line.RANDOM), lines::toString);
    assertTrue(
        lines.stream().map(Plan.Line::way).distinct().count() > 2, "it tries others no more");
  }

  @Test
  void aDelayIsAPartOfTheDurationThatWasMeasured() {
    var steering = steering(Optional.empty());
    run(steering, MANY, _ -> USUAL);
    for (var line : steering.plan().lines()) {
      for (var outer : slots.points().all()) {
        if (line.way() > 0 && line.first().equals(Plan.Place.of(outer))) {
          long duration = DURATIONS[outer.index()];
          assertEquals(duration / Way.PARTS, line.delay().range());
          assertEquals(0, line.delay().least() % Math.max(1, duration / Way.PARTS));
          assertTrue(line.delay().least() < duration, line::toString);
          assertEquals(2 * DURATIONS[LONG], line.patience());
        }
      }
    }
  }

  @Test
  void longStatementsAreTriedMoreOften() {
    var steering = steering(Optional.empty());
    run(steering, MANY, _ -> USUAL);
    Map<Integer, Long> tried =
        IntStream.range(0, MANY)
            .boxed()
            .flatMap(_ -> steering.plan().lines().stream())
            .filter(line -> line.way() > 0)
            .collect(
                Collectors.groupingBy(
                    line -> line.first().equals(Plan.Place.of(point(LONG))) ? 1 : 0,
                    Collectors.counting()));
    // half of the ways have it as the outer statement, and all others together take 3 %
    assertTrue(tried.get(1) > 2 * tried.get(0), tried::toString);
  }

  @Test
  void rareOutcomesArePreferredAsLongAsNothingElseIsSeen() {
    var steering = steering(Optional.empty());
    var seen = new HashMap<String, Integer>();
    run(
        steering,
        MANY,
        line -> {
          var outcome = hits(line) ? RARE : USUAL;
          seen.merge(outcome, 1, Integer::sum);
          return outcome;
        });
    // tries alone would show it in an eighth of the rounds: half of the ways have the right outer
    // statement and are tried three times as often, a third of those have the right inner one
    assertTrue(seen.get(RARE) > MANY / 4 && seen.get(RARE) < MANY / 2, seen::toString);
  }

  @Test
  void aControlFollowsAndLearnsNothing() {
    var first = steering(Optional.empty());
    run(first, MANY, line -> hits(line) ? WANTED : USUAL);
    var control = steering(Optional.of(first.learned()));
    run(control, MANY, line -> isOf(line, point(CALL), point(LONG)) ? WANTED : USUAL);
    assertEquals(first.learned(), control.learned());
    assertTrue(
        control.plan().lines().stream().filter(this::hits).count() > Plan.LINES / 2,
        () -> control.plan().toString());
    assertEquals(first.text(), control.text());
  }

  @Test
  void whatLearnedNothingIsFollowedByNothing() {
    var steering = steering(Optional.of(new Learned(OptionalInt.empty())));
    run(steering, MANY, line -> hits(line) ? WANTED : USUAL);
    assertEquals(Optional.empty(), steering.text());
  }

  @Test
  void threadsOnOneCpuDoNotWaitForEachOther() {
    var steering = new Steering(slots, 1, 1, Optional.empty());
    run(steering, MANY, _ -> USUAL);
    assertEquals(Plan.RANDOM, steering.plan());
  }

  @Test
  void aTestWithoutCallsIsLeftAlone() {
    var quiet = slots(SOURCE.replaceAll("madvise.*;", "").replaceAll("mprotect.*;", "r1 = *x;"));
    assertTrue(quiet.points().isEmpty());
    assertEquals(quiet.plan(), quiet.ring());
    assertEquals(Plan.RANDOM, new Steering(quiet, 2, 1, Optional.empty()).plan());
  }
}
