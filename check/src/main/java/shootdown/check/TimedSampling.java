package shootdown.check;

import java.util.Optional;
import java.util.SplittableRandom;

/// Walks many runs in simulated time.
final class TimedSampling implements Inexhaustive.Method {
  private final Search.Timed search;
  private final Learned learned;
  private final Walk walk;
  private final Clocks clocks;
  private final Patience patience;
  private final Walked walked;
  private final long seed;
  private long transitions;

  TimedSampling(
      Search.Timed search, Learned learned, Walk walk, Options options, Patience patience) {
    this.search = search;
    this.learned = learned;
    this.walk = walk;
    this.patience = patience;
    walked = new Walked(search, options.seed());
    clocks = new Clocks(learned, walk, () -> walked.distinct.add(walk.fingerprint()));
    seed = options.seed();
  }

  @Override
  public Optional<String> search() {
    Optional<String> reason = Optional.empty();
    patience.estimates(() -> (double) walked.runs() / search.runs());
    try {
      double within = Clocks.pilot(learned);
      var how = new Clocks.Conditions(search.windows(), within, 1);
      var seeds = new SplittableRandom(seed);
      while (walked.runs() < search.runs() && reason.isEmpty()) {
        clocks.run(how, seeds.split());
        walked.add(walk);
        transitions += walk.length();
        reason =
            patience
                .tooMany(walked.distinct.lately())
                .or(() -> patience.now(walked.distinct.lately(), walk.length()));
      }
    } catch (ProgramBug bug) {
      throw walk.shown(bug);
    }
    return Optional.of(coverage() + reason.map(why -> "; " + why).orElse(""));
  }

  @Override
  public Coverage coverage() {
    return walked.coverage();
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
