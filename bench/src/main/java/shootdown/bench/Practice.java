package shootdown.bench;

import java.util.List;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.check.Reductions;
import shootdown.check.examples.Remap;

/// Searches the reference problem for two pages and two CPUs that write, a few times, with one
/// worker and with two: what a JDK learns from that other JVMs begin with.
public final class Practice {
  private static final int TIMES = 3;

  private Practice() {}

  /// @param args none
  public static void main(String[] args) {
    for (int i = 0; i < TIMES; i++) {
      for (var reductions : List.of(Reductions.ALL, Reductions.NONE)) {
        for (int workers = 1; workers <= 2; workers++) {
          var options = Options.DEFAULT.withReductions(reductions).withWorkers(workers);
          Check.run(() -> Remap.program(2, 2, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY), options);
        }
      }
    }
  }
}
