package shootdown.check;

import java.util.Optional;
import java.util.OptionalInt;

/// All runs without a preemption, then all with one at most, and so on up to the bound. Where no
/// step had to be left out, all runs were covered: each state was entered, and each of its steps
/// taken.
final class PreemptionBound implements Inexhaustive.Method {
  private final Search.Preemptions search;
  private final Learned learned;
  private final Findings findings;
  private final Options options;
  private final Patience patience;
  private final int[][] orders;
  private BestBudgets met;
  private boolean cyclic;
  private OptionalInt covered = OptionalInt.empty();
  private int passes;
  private int restarts;
  private long transitions;
  private long lastPass;
  private long longest;

  PreemptionBound(
      Search.Preemptions search,
      Learned learned,
      Findings findings,
      Options options,
      Patience patience) {
    this.search = search;
    this.learned = learned;
    this.findings = findings;
    this.options = options;
    this.patience = patience;
    int tasks = learned.program.tasks().size();
    met = new BestBudgets(tasks, options.bounds().memory());
    orders = new int[tasks + 1][];
    for (int first = -1; first < tasks; first++) {
      orders[first + 1] = order(tasks, first);
    }
  }

  /// That task, then all others.
  private static int[] order(int tasks, int first) {
    int[] order = new int[tasks];
    int n = 0;
    if (first >= 0) {
      order[n++] = first;
    }
    for (int t = 0; t < tasks; t++) {
      if (t != first) {
        order[n++] = t;
      }
    }
    return order;
  }

  @Override
  public Optional<String> search() {
    for (int most = 0; most <= search.most(); most++) {
      passes++;
      Descent descent;
      Optional<String> reason;
      try {
        do {
          met = new BestBudgets(learned.program.tasks().size(), options.bounds().memory());
          descent = descent(most);
          var underWay = descent;
          int bound = most;
          patience.estimates(() -> done(underWay, bound));
          reason = descent.search().or(this::full);
          restarts += learned.movers.isOutdated() ? 1 : 0;
        } while (isToBeRepeated(reason));
      } catch (OutOfMemoryError full) {
        met.forget();
        return Optional.of(coverage() + "; memory is full after " + met.size() + " states");
      }
      lastPass = descent.transitions();
      transitions += lastPass;
      longest = Math.max(longest, descent.deepest());
      cyclic = descent.isCyclic();
      if (reason.isPresent()) {
        return Optional.of(coverage() + "; " + reason.get());
      }
      covered = OptionalInt.of(most);
      if (!descent.isBounded()) {
        return Optional.empty();
      }
    }
    String endless = cyclic ? " (not: what goes on for ever)" : "";
    return Optional.of(coverage() + endless);
  }

  /// How much is done of all passes: each takes as many times the one before it as this one does.
  private double done(Descent pass, int bound) {
    double share = pass.done();
    if (share <= 0) {
      return 0;
    }
    double whole = pass.transitions() / share;
    double times = lastPass == 0 ? 1 : Math.max(1, whole / lastPass);
    double all = transitions + whole;
    double next = whole;
    for (int most = bound + 1; most <= search.most(); most++) {
      next *= times;
      all += next;
    }
    return (transitions + pass.transitions()) / all;
  }

  private Optional<String> full() {
    return met.isFull()
        ? Optional.of("memory is full after " + met.size() + " states")
        : Optional.empty();
  }

  private boolean isToBeRepeated(Optional<String> reason) {
    boolean outdated = learned.movers.isOutdated();
    if (outdated && reason.isEmpty()) {
      learned.renew();
      return true;
    }
    return false;
  }

  private Descent descent(int most) {
    var fingerprints = new Fingerprints(options.seed());
    return new Descent(learned, findings, fingerprints, patience, new ByBudget(), most);
  }

  private final class ByBudget implements Descent.Rules {
    @Override
    public boolean isNew(long fingerprint, int running, int left) {
      return met.raise(fingerprint, running, left);
    }

    @Override
    public int[] order(long fingerprint, int running) {
      return orders[running + 1];
    }

    @Override
    public long states() {
      return met.size();
    }

    @Override
    public boolean isFull() {
      return met.isFull();
    }
  }

  @Override
  public Coverage coverage() {
    return new Coverage(
        search, passes, passes, met.size(), true, longest, covered, options.seed());
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
    return cyclic;
  }
}
