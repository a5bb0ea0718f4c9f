package shootdown.check;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/// Many small searches: each tries tasks in an order of its own, and ends when its table is full.
final class Swarm implements Inexhaustive.Method {
  /// Orders to choose from by a state's fingerprint.
  private static final int ORDERS = 64;

  private final Search.Swarm search;
  private final Learned learned;
  private final Findings findings;
  private final Options options;
  private final Patience patience;
  private final DistinctStates distinct = new DistinctStates();
  private long searches;
  private long ended;
  private long longest;
  private long transitions;
  private int restarts;

  Swarm(
      Search.Swarm search,
      Learned learned,
      Findings findings,
      Options options,
      Patience patience) {
    this.search = search;
    this.learned = learned;
    this.findings = findings;
    this.options = options;
    this.patience = patience;
  }

  @Override
  public Optional<String> search() {
    Optional<String> reason = Optional.empty();
    patience.estimates(() -> (double) searches / search.searches());
    while (searches < search.searches() && reason.isEmpty()) {
      reason = once(options.seed() + searches);
      searches++;
      // what has no step that others see never asks
      reason = reason.or(() -> patience.now(distinct.lately(), (int) longest));
    }
    return Optional.of(coverage() + reason.map(why -> "; " + why).orElse(""));
  }

  private Optional<String> once(long seed) {
    while (true) {
      var rules = new Shuffled(seed);
      var fingerprints = new Fingerprints(options.seed());
      var descent =
          new Descent(learned, findings, fingerprints, patience, rules, Integer.MAX_VALUE);
      var reason = descent.search();
      transitions += descent.transitions();
      longest = Math.max(longest, descent.deepest());
      if (!learned.movers.isOutdated()) {
        ended += rules.isFull() || reason.isPresent() ? 0 : 1;
        return reason;
      }
      learned.renew();
      restarts++;
      if (reason.isPresent()) {
        return reason;
      }
    }
  }

  private final class Shuffled implements Descent.Rules {
    private final BitTable met;
    private final int[][] orders = new int[ORDERS][];

    Shuffled(long seed) {
      met = new BitTable(search.tableBits(), seed);
      var random = new SplittableRandom(seed);
      for (int i = 0; i < ORDERS; i++) {
        orders[i] = order(random);
      }
    }

    private int[] order(SplittableRandom random) {
      int[] order = new int[learned.program.tasks().size()];
      for (int t = 0; t < order.length; t++) {
        int other = random.nextInt(t + 1);
        order[t] = order[other];
        order[other] = t;
      }
      return order;
    }

    @Override
    public boolean isNew(long fingerprint, int running, int left) {
      distinct.add(fingerprint);
      return met.add(fingerprint);
    }

    @Override
    public int[] order(long fingerprint, int running) {
      return orders[(int) (fingerprint >>> 40) & ORDERS - 1];
    }

    @Override
    public long states() {
      return distinct.lately();
    }

    @Override
    public boolean isFull() {
      return met.isFull();
    }
  }

  @Override
  public Coverage coverage() {
    return new Coverage(
        search,
        searches,
        ended,
        distinct.count(),
        distinct.isExact(),
        longest,
        OptionalInt.empty(),
        options.seed());
  }

  @Override
  public long transitions() {
    return transitions;
  }

  @Override
  public int restarts() {
    return restarts;
  }

  @Override
  public boolean isCyclic() {
    return false;
  }
}
