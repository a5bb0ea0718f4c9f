package shootdown.check;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/// Walks many runs, each at random.
final class Sampling implements Inexhaustive.Method {
  /// A run that is longer ends there.
  private static final int MAX_STEPS = 100_000;

  private final Search search;
  private final long runs;
  private final Learned learned;
  private final Walk walk;
  private final Patience patience;
  private final long seed;
  private final SplittableRandom random;
  private final Picker picker;
  private final DistinctStates distinct = new DistinctStates();
  private long walked;
  private long ended;
  private long longest;
  private long transitions;
  private int renewed;

  Sampling(Search.Random how, Learned learned, Walk walk, Options options, Patience patience) {
    this(how, how.runs(), learned, walk, options, patience, -1);
  }

  Sampling(Search.Pct how, Learned learned, Walk walk, Options options, Patience patience) {
    this(how, how.runs(), learned, walk, options, patience, how.depth());
  }

  private Sampling(
      Search search,
      long runs,
      Learned learned,
      Walk walk,
      Options options,
      Patience patience,
      int depth) {
    this.search = search;
    this.runs = runs;
    this.learned = learned;
    this.walk = walk;
    this.patience = patience;
    seed = options.seed();
    random = new SplittableRandom(seed);
    picker =
        depth < 0
            ? new Uniform(random)
            : new Priorities(random, learned.program.tasks().size(), depth);
  }

  @Override
  public Optional<String> search() {
    Optional<String> reason = Optional.empty();
    patience.estimates(() -> (double) walked / runs);
    try {
      while (walked < runs && reason.isEmpty()) {
        if (learned.movers.isOutdated()) {
          learned.renew();
          renewed++;
        }
        reason = run();
        walked++;
        // a run without a step that others see never asks
        reason = reason.or(() -> patience.exhausted(distinct.lately(), walk.length()));
      }
    } catch (ProgramBug bug) {
      throw walk.shown(bug);
    }
    return Optional.of(coverage() + reason.map(why -> "; " + why).orElse(""));
  }

  /// One run; tells why no more should follow, if so.
  private Optional<String> run() {
    Optional<String> reason = Optional.empty();
    picker.begin();
    walk.begin();
    distinct.add(walk.fingerprint());
    while (!walk.isOver() && walk.length() < MAX_STEPS && reason.isEmpty()) {
      step();
      distinct.add(walk.fingerprint());
      reason = patience.exhausted(distinct.lately(), walk.length());
    }
    picker.ended(walk.length());
    ended += walk.isOver() ? 1 : 0;
    longest = Math.max(longest, walk.length());
    return reason;
  }

  private void step() {
    var state = walk.state();
    int only = learned.only(state.at);
    int task = only < 0 ? picker.task(TaskSets.enabled(learned, state)) : only;
    int choices = state.choices(task);
    walk.step(task, choices > 1 ? random.nextInt(choices) : 0);
    transitions++;
    if (!walk.isOver() && walk.isBack()) {
      picker.back(task);
    }
  }

  @Override
  public Coverage coverage() {
    return new Coverage(
        search,
        walked,
        ended,
        distinct.count(),
        distinct.isExact(),
        longest,
        OptionalInt.empty(),
        seed);
  }

  @Override
  public long transitions() {
    return transitions;
  }

  @Override
  public int restarts() {
    return renewed;
  }

  @Override
  public boolean isCyclic() {
    return false;
  }
}
