package shootdown.host.steer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import shootdown.host.worker.Plan;
import shootdown.host.worker.Plan.Place;
import shootdown.host.worker.Points.Point;
import shootdown.host.worker.Slots;

/// Learns from rounds how to begin the next ones. Races show where statements of two threads
/// overlap in time, and random starts make few of them overlap: what the kernel does in
/// microseconds, it does some time in a round of milliseconds.
///
/// So threads are made to meet in the midst of a round, in one of many [ways][Way]. How long each
/// statement takes was measured in earlier rounds. Of the rounds,
///
/// - a few start at random times, as all do until durations are known;
/// - some try ways at random, more often where a statement takes long;
/// - the others go the way that showed most: rounds of the outcome that is looked for, or, as long
///   as nothing showed that, outcomes that are rare.
///
/// What is learned is told to the next run, which may then only follow: a control is no control if
/// its rounds begin in other ways than those of the case.
public final class Steering {
  private static final int RANDOM_LINES = 2;
  /// Lines of the plan that follow what was learned: where only rare outcomes were seen, where the
  /// one that is looked for was, and where that was often.
  private static final int FOLLOWING_RARE = 24;
  private static final int FOLLOWING = 40;
  private static final int FOLLOWING_OFTEN = 56;
  private static final int OFTEN = 8;
  /// So many rounds begin at random times before durations count as known.
  private static final int FIRST_ROUNDS = 12;
  /// Rounds that each way is thought to have had already: one round is not taken for much. They are
  /// thought to have been like any; where the outcome that is looked for was seen, half of them to
  /// have shown it, so that a way that is new gets its chance beside one that is known.
  private static final double DOUBT = 2;
  private static final double HALF = 0.5;
  /// So many times as much as any round must those of a way be worth, if it is to be followed.
  private static final double RARE = 1.25;

  private final Slots slots;
  private final List<Way> ways;
  private final Optional<Learned> given;
  private final SplittableRandom random;

  private final Median round = new Median();
  private final Median[] durations;
  private final long[] tries;
  private final long[] hits;
  private final List<Map<String, Long>> others;
  private final Map<String, Long> outcomes = new HashMap<>();
  private long randomRounds;
  private OptionalInt followed = OptionalInt.empty();

  /// What a run has learned.
  ///
  /// @param way that most rounds went at last, by its number; empty if they went all ways alike
  public record Learned(OptionalInt way) {
    /// Nothing.
    public static final Learned NOTHING = new Learned(OptionalInt.empty());
  }

  /// @param slots what a record holds
  /// @param cpus that the threads are spread over
  /// @param seed of random choices
  /// @param given what another run has learned, which is followed without learning anything more
  public Steering(Slots slots, int cpus, long seed, Optional<Learned> given) {
    this.slots = slots;
    this.ways = Way.all(slots.points().all(), cpus);
    this.given = given;
    this.random = new SplittableRandom(seed);
    durations = new Median[slots.points().all().size()];
    for (int i = 0; i < durations.length; i++) {
      durations[i] = new Median();
    }
    tries = new long[ways.size()];
    hits = new long[ways.size()];
    others = new ArrayList<>();
    ways.forEach(_ -> others.add(new HashMap<>()));
  }

  /// Takes in a round.
  ///
  /// @param record its words
  /// @param outcome what came out
  /// @param isLookedFor whether that is what is looked for
  public void add(long[] record, String outcome, boolean isLookedFor) {
    if (ways.isEmpty()) {
      return;
    }
    int way = (int) record[slots.way()] - 1;
    measure(record, way < 0);
    outcomes.merge(outcome, 1L, Long::sum);
    if (way >= 0 && way < ways.size()) {
      tries[way]++;
      if (isLookedFor) {
        hits[way]++;
      } else {
        others.get(way).merge(outcome, 1L, Long::sum);
      }
    }
  }

  private void measure(long[] record, boolean startedAtRandom) {
    long first = Long.MAX_VALUE;
    long last = 0;
    for (var point : slots.points().all()) {
      int at = slots.firstTime() + 2 * point.index();
      long begin = record[at];
      long end = record[at + 1];
      if (begin != 0 && end > begin) {
        durations[point.index()].add(end - begin);
        first = Math.min(first, begin);
        last = Math.max(last, end);
      }
    }
    if (startedAtRandom) {
      randomRounds++;
      if (last > first) {
        round.add(last - first);
      }
    }
  }

  /// How the next rounds begin.
  public Plan plan() {
    if (ways.isEmpty() || randomRounds < FIRST_ROUNDS) {
      return Plan.RANDOM;
    }
    var lines = new ArrayList<Plan.Line>();
    followed = given.isPresent() ? given.get().way() : best();
    if (followed.isPresent()) {
      int way = followed.getAsInt();
      lines.addAll(Collections.nCopies(following(way), line(way)));
    }
    double[] upTo = chances();
    while (lines.size() < Plan.LINES - RANDOM_LINES) {
      lines.add(line(drawn(upTo)));
    }
    while (lines.size() < Plan.LINES) {
      lines.add(Plan.Line.RANDOM);
    }
    return new Plan(lines);
  }

  private int following(int way) {
    if (given.isPresent() || hits[way] >= OFTEN) {
      return FOLLOWING_OFTEN;
    }
    return hits[way] > 0 ? FOLLOWING : FOLLOWING_RARE;
  }

  /// The way that showed most; empty if none showed what is looked for, or much that is rare.
  private OptionalInt best() {
    double usual = usual();
    int best = 0;
    for (int i = 1; i < ways.size(); i++) {
      if (value(i, usual) > value(best, usual)) {
        best = i;
      }
    }
    return hits[best] > 0 || value(best, usual) > RARE * usual
        ? OptionalInt.of(best)
        : OptionalInt.empty();
  }

  /// What a round of a way is worth, as far as its rounds tell.
  private double value(int way, double usual) {
    double thought = hits[way] > 0 ? HALF : usual;
    return (hits[way] + rarity(way) + DOUBT * thought) / (tries[way] + DOUBT);
  }

  /// What rounds of a way are worth by what is rare: each the share that it has in all rounds of
  /// its outcome, divided by the number of outcomes.
  private double rarity(int way) {
    double sum = 0;
    for (var other : others.get(way).entrySet()) {
      sum += (double) other.getValue() / outcomes.get(other.getKey()) / outcomes.size();
    }
    return sum;
  }

  /// The same for any round.
  private double usual() {
    double sum = 0;
    long all = 0;
    for (int i = 0; i < ways.size(); i++) {
      sum += rarity(i);
      all += tries[i];
    }
    return all == 0 ? 0 : sum / all;
  }

  /// Half of the tries go to all ways alike, half to each as its outer statement takes long. Sums
  /// from the first way on.
  private double[] chances() {
    double all = 0;
    for (var way : ways) {
      all += duration(way.outer());
    }
    double[] upTo = new double[ways.size()];
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      double share = all == 0 ? 1.0 / upTo.length : duration(ways.get(i).outer()) / all;
      sum += HALF / upTo.length + HALF * share;
      upTo[i] = sum;
    }
    return upTo;
  }

  private int drawn(double[] upTo) {
    double at = random.nextDouble() * upTo[upTo.length - 1];
    for (int i = 0; i < upTo.length; i++) {
      if (at < upTo[i]) {
        return i;
      }
    }
    return upTo.length - 1;
  }

  private long duration(Point point) {
    return durations[point.index()].value();
  }

  /// A thread waits twice as long for the other one as a round takes.
  private Plan.Line line(int index) {
    var way = ways.get(index);
    long part = duration(way.outer()) / Way.PARTS;
    long pace =
        switch (way.pace()) {
          case AT_ONCE -> 0;
          case SPREAD -> part;
        };
    return new Plan.Line(
        index + 1, Place.of(way.outer()), Place.of(way.inner()),
        new Plan.Delay(part * way.part(), part, pace), 2 * round.value());
  }

  /// What was learned.
  public Learned learned() {
    return given.orElseGet(() -> new Learned(followed));
  }

  /// For a reader: how most rounds began; empty if in no particular way.
  public Optional<String> text() {
    return followed.isPresent()
        ? Optional.of(ways.get(followed.getAsInt()).toString())
        : Optional.empty();
  }
}
