package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.check.generated.Family;
import shootdown.check.generated.GeneratedProgram;

/// All programs of small grammars: whatever way they are searched, the same is found. Each of the
/// quick tests takes every so many-th program of all.
class ExhaustiveProgramsTest {
  private static final int SLICE = 331;
  private static final int WORKERS_SLICE = 1_009;
  private static final int WORKERS_SHARE = 4;
  private static final int TURNS_SHARE = 16;
  private static final int TURNS_SLICE = 2_003;
  private static final long RARELY = 10_000;
  private static final long OFTEN = 500;

  private static final Map<String, Supplier<Stream<GeneratedProgram>>> FAMILIES =
      new LinkedHashMap<>();

  static {
    FAMILIES.put("loops that count or try, and choices: two tasks", Family::counting);
    FAMILIES.put("loops that count or try, and choices: three tasks", Family::threeThatCount);
    FAMILIES.put("three tasks of one node", Family::ofThreeTasks);
    FAMILIES.put("three tasks that are alike", Family::alike);
    FAMILIES.put("a task of up to two nodes, and a daemon", Family::withADaemon);
    FAMILIES.put("two tasks of up to two blocks", Family::pairs);
    FAMILIES.put("two tasks of up to two nodes", Family::ofTwoNodes);
  }

  /// A search that leaves out one step of so many, chosen by what they do: always the same.
  private static final class Dropping implements DepthFirst.Observer {
    private final long number;
    private final long oneIn;
    private long dropped;

    Dropping(long number, long oneIn) {
      this.number = number;
      this.oneIn = oneIn;
    }

    @Override
    public boolean follows(int task, Stepper state) {
      long mixed = (state.fingerprint + 31 * task + number) * 0x9E3779B97F4A7C15L;
      boolean drops = Long.remainderUnsigned(mixed ^ mixed >>> 32, oneIn) == 0;
      dropped += drops ? 1 : 0;
      return !drops;
    }
  }

  @Test
  void someProgramsAgree() {
    assertTrue(every(SLICE).peek(Comparison::of).count() > 500);
  }

  @Test
  void someProgramsAreSearchedByTwo() {
    assertTrue(every(WORKERS_SLICE).peek(Comparison::ofWorkers).count() > 150);
  }

  @Test
  void someProgramsAreHandedOn() {
    var handedOn = new AtomicLong();
    var counting = Stream.concat(Family.counting(), Family.threeThatCount());
    Stream.concat(every(TURNS_SLICE), slice(counting, WORKERS_SLICE))
        .forEach(program -> handedOn.addAndGet(Comparison.ofTurns(program)));

    assertTrue(handedOn.get() > 5_000, () -> "only " + handedOn + " times");
  }

  /// The comparison with the second runner, which counts steps, notices each program in which a
  /// step was left out.
  @Test
  void oneStepInTenThousandIsMissed() {
    var plain = Options.DEFAULT.withReductions(Reductions.NONE);
    var number = new AtomicLong();
    var noticed = new AtomicLong();
    Family.ofThreeTasks()
        .forEach(
            program -> {
              var fault = new Dropping(number.incrementAndGet(), RARELY);
              Check.run(program::build, plain, fault);
              if (fault.dropped > 0) {
                assertTrue(isNoticed(program, new Dropping(number.get(), RARELY)));
                noticed.incrementAndGet();
              }
            });

    assertTrue(noticed.get() >= 10, () -> "only " + noticed + " programs had the fault");
  }

  /// Steps of reduced searches cannot be counted by others; their verdicts tell.
  @Test
  void stepsOfReducedSearchesAreMissed() {
    assertTrue(otherVerdicts(Family.ofThreeTasks(), OFTEN) >= 10);
  }

  @Test
  @Tag("slow")
  void oneStepInTenThousandOfReducedSearchesIsMissed() {
    var part = Part.chosen();
    long others = otherVerdicts(part.of(Family.pairs()), RARELY);
    part.tell(others + " programs show that a reduced search leaves a step in ten thousand out");

    assertTrue(others > 0 || part.count() > 1);
  }

  @Test
  @Tag("slow")
  void allProgramsThatCountAreHandedOn() {
    var part = Part.chosen();
    var programs = Stream.concat(Family.counting(), Family.threeThatCount());
    long done = part.each("loops and choices, by turns", programs, Comparison::ofTurns);

    assertTrue(done >= part.least(30_000));
  }

  @Test
  @Tag("slow")
  void allProgramsAgree() {
    var part = Part.chosen();
    var done = new AtomicLong();
    FAMILIES.forEach((name, programs) -> part.each(name, programs.get(), p -> agrees(p, done)));

    assertTrue(done.get() >= part.least(240_000));
  }

  private static void agrees(GeneratedProgram program, AtomicLong done) {
    Comparison.of(program);
    long number = done.getAndIncrement();
    if (number % WORKERS_SHARE == 0) {
      Comparison.ofWorkers(program);
    }
    if (number % TURNS_SHARE == 0) {
      Comparison.ofTurns(program);
    }
  }

  private static Stream<GeneratedProgram> every(int manyTh) {
    return slice(FAMILIES.values().stream().flatMap(Supplier::get), manyTh);
  }

  private static Stream<GeneratedProgram> slice(Stream<GeneratedProgram> all, int manyTh) {
    var number = new AtomicLong();
    return all.filter(_ -> number.getAndIncrement() % manyTh == 0);
  }

  private static boolean isNoticed(GeneratedProgram program, DepthFirst.Observer fault) {
    try {
      Comparison.of(program, fault);
      return false;
    } catch (AssertionError difference) {
      return true;
    }
  }

  private static long otherVerdicts(Stream<GeneratedProgram> programs, long oneIn) {
    var number = new AtomicLong();
    return programs
        .filter(p -> hasAnotherVerdict(p, new Dropping(number.incrementAndGet(), oneIn)))
        .count();
  }

  private static boolean hasAnotherVerdict(GeneratedProgram program, Dropping fault) {
    var faulty = Verdict.of(Check.run(program::build, Options.DEFAULT, fault));
    return fault.dropped > 0
        && !faulty.equals(Verdict.of(Check.run(program::build, Options.DEFAULT)));
  }
}
