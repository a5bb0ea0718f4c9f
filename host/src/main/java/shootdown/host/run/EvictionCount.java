package shootdown.host.run;

import java.util.Optional;
import shootdown.host.run.Evidence.Eviction;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.worker.Functions;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.SystemCall;

/// Counts what workers know of the page cache.
final class EvictionCount {
  private long trials;
  private long dropped;
  private long missed;

  /// A worker has ended.
  void add(SharedMemory memory, int threads) {
    trials += memory.read(Control.TRIALS);
    dropped += memory.read(Control.DROPPED);
    for (int thread = 0; thread < threads; thread++) {
      missed += memory.read(Control.word(thread, ThreadWord.MISSED));
    }
  }

  /// Empty for a test that drops nothing.
  Optional<Eviction> of(LitmusTest test) {
    return Functions.in(test).contains(SystemCall.POSIX_FADVISE)
        ? Optional.of(new Eviction(trials, dropped, missed))
        : Optional.empty();
  }
}
