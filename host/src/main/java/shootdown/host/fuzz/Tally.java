package shootdown.host.fuzz;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How far random programs have come.
public final class Tally {
  private final SortedMap<String, Long> limits = new TreeMap<>();
  private long agreed;
  private long differed;
  private long waiting;
  private long undecided;

  void agreed() {
    agreed++;
  }

  void differed() {
    differed++;
  }

  void waiting() {
    waiting++;
  }

  void undecided() {
    undecided++;
  }

  void limited(String limit) {
    limits.merge(limit, 1L, Long::sum);
  }

  /// Programs that ended alike.
  public long agreements() {
    return agreed;
  }

  public long differences() {
    return differed;
  }

  /// Programs that the model says wait for ever: the machine was not asked.
  public long waits() {
    return waiting;
  }

  /// Programs of two threads for which the model's search was too large, or that the machine was
  /// seen to do nothing wrong with while the model does not know all outcomes.
  public long undecidedOnes() {
    return undecided;
  }

  /// Programs that ended at a stated limit of the model: nothing was compared.
  public long limitedOnes() {
    return limits.values().stream().mapToLong(Long::longValue).sum();
  }

  /// The limits, and how many programs ended at each.
  public Map<String, Long> limits() {
    return limits;
  }

  public long programs() {
    return agreed + differed + waiting + undecided + limitedOnes();
  }
}
