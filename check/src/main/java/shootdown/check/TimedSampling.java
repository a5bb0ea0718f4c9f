package shootdown.check;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/// Walks many runs in simulated time.
final class TimedSampling implements Inexhaustive.Method {
  private final Search.Timed search;
  private final Learned learned;
  private final Walk walk;
  private final Clocks clocks;
  private final Patience patience;
  private final long seed;
  private final DistinctStates distinct = new DistinctStates();
  private long walked;
  private long ended;
  private long longest;
  private long transitions;

  TimedSampling(
      Search.Timed search, Learned learned, Walk walk, Options options, Patience patience) {
    this.search = search;
    this.learned = learned;
    this.walk = walk;
    this.patience = patience;
    clocks = new Clocks(learned, walk, () -> distinct.add(walk.fingerprint()));
    seed = options.seed();
  }

  @Override
  public Optional<String> search() {
    Optional<String> reason = Optional.empty();
    patience.estimates(() -> (double) walked / search.runs());
    try {
      double within = Clocks.pilot(learned);
      var how = new Clocks.Conditions(search.windows(), within, 1);
      var seeds = new SplittableRandom(seed);
      while (walked < search.runs() && reason.isEmpty()) {
        clocks.run(how, seeds.split());
        walked++;
        ended += walk.isOver() ? 1 : 0;
        longest = Math.max(longest, walk.length());
        transitions += walk.length();
        reason =
            patience
                .tooMany(distinct.lately())
                .or(() -> patience.now(distinct.lately(), walk.length()));
      }
    } catch (ProgramBug bug) {
      throw walk.shown(bug);
    }
    return Optional.of(coverage() + reason.map(why -> "; " + why).orElse(""));
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
    return 0;
  }

  @Override
  public boolean isCyclic() {
    return false;
  }
}
