package shootdown.check;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import shootdown.sched.Program;
import shootdown.sched.Violation;

/// Runs a program many times in simulated time, to see how often it does something: as its
/// [shootdown.sched.Timing] says how long things take. See ADR 0011.
///
/// Whose step is due first takes it, so tasks run side by side, each on a processor of its own.
/// They start at random moments within a time as long as the longest of them takes, or a half, a
/// quarter, an eighth of it.
public final class Simulation {
  private final Seen seen = new Seen();
  private final Walk walk;
  private final Clocks clocks;
  private final Learned learned;
  private final Predicate<Round> hits;
  private double startWithin;

  /// @param program is run by this and nothing else from now on
  /// @param hits which rounds are to be counted
  public Simulation(Program program, Predicate<Round> hits) {
    this(Guard.DEFAULT.run(() -> new Learned(program, Reductions.NONE)), hits);
  }

  private Simulation(Learned learned, Predicate<Round> hits) {
    this.learned = learned;
    this.hits = hits;
    walk = new Walk(learned, seen, new Fingerprints(0));
    clocks = new Clocks(learned, walk, () -> {});
  }

  /// Runs rounds as long as `goesOn` wants more.
  ///
  /// @param seed the same seed and number of rounds, the same tally
  public Tally run(long seed, List<Window> windows, Predicate<Tally> goesOn) {
    return run(seed, windows, 1, goesOn);
  }

  /// As [#run], with preemptions `boost` times as frequent as they are; [Tally#weighed] takes that
  /// back.
  public Tally run(long seed, List<Window> windows, double boost, Predicate<Tally> goesOn) {
    return Guard.DEFAULT.run(() -> runs(seed, windows, boost, goesOn));
  }

  private Tally runs(long seed, List<Window> windows, double boost, Predicate<Tally> goesOn) {
    if (startWithin == 0) {
      startWithin = Clocks.pilot(learned);
    }
    var how = new Clocks.Conditions(windows, startWithin, boost);
    var tally = new Tally();
    var seeds = new SplittableRandom(seed);
    while (goesOn.test(tally)) {
      var round = round(how, seeds.split());
      tally.add(round, hits.test(round));
    }
    return tally;
  }

  private Round round(Clocks.Conditions how, SplittableRandom chance) {
    Pulse.current().beats();
    seen.begin();
    try {
      clocks.run(how, chance);
    } catch (ProgramBug bug) {
      throw walk.shown(bug);
    }
    return new Round(
        seen.outcome,
        Set.copyOf(seen.now),
        clocks.isCutShort(),
        clocks.passed(),
        clocks.nanos(),
        clocks.ran(),
        clocks.weight());
  }

  /// Writes down what one round shows, besides keeping the first run that shows something.
  private static final class Seen extends Findings {
    private Optional<String> outcome = Optional.empty();
    private final Set<Violation> now = new HashSet<>();

    void begin() {
      outcome = Optional.empty();
      now.clear();
    }

    @Override
    void violation(Violation violation, Supplier<List<Recorded>> run) {
      now.add(violation);
    }

    @Override
    void livelock(Violation violation, Supplier<Found> found) {
      now.add(violation);
    }

    @Override
    void outcome(String text, Supplier<List<Recorded>> run) {
      outcome = Optional.of(text);
    }
  }
}
