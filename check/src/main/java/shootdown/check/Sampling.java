package shootdown.check;

import java.util.Optional;
import java.util.SplittableRandom;

/// Walks many runs, each at random.
final class Sampling implements Inexhaustive.Method {
  /// A run that is longer ends there.
  private static final int MAX_STEPS = 100_000;

  private final Walked walked;
  private final long runs;
  private final Learned learned;
  private final Walk walk;
  private final Patience patience;
  private final SplittableRandom random;
  private final Picker picker;
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
    walked = new Walked(search, options.seed());
    this.runs = runs;
    this.learned = learned;
    this.walk = walk;
    this.patience = patience;
    random = new SplittableRandom(options.seed());
    picker =
        depth < 0
            ? new Uniform(random)
            : new Priorities(random, learned.program.tasks().size(), depth);
  }

  @Override
  public Optional<String> search() {
    Optional<String> reason = Optional.empty();
    patience.estimates(() -> (double) walked.runs() / runs);
    try {
      while (walked.runs() < runs && reason.isEmpty()) {
        if (learned.movers.isOutdated()) {
          learned.renew();
          renewed++;
        }
        reason = run();
        // a run without a step that others see never asks
        reason = reason.or(() -> patience.exhausted(walked.distinct.lately(), walk.length()));
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
    walked.distinct.add(walk.fingerprint());
    while (!walk.isOver() && walk.length() < MAX_STEPS && reason.isEmpty()) {
      step();
      walked.distinct.add(walk.fingerprint());
      reason = patience.exhausted(walked.distinct.lately(), walk.length());
    }
    picker.ended(walk.length());
    walked.add(walk);
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
    return walked.coverage();
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
