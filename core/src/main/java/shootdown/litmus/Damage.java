package shootdown.litmus;

import java.util.HashSet;
import java.util.Set;

/// Which parts of a file could not be read to their end: what seems to be missing there is no
/// mistake of its own.
final class Damage {
  private final Set<Position> damagedThreads = new HashSet<>();
  private boolean inInitialState;
  private boolean lostThreads;
  private boolean inCondition;

  void initialState(boolean damaged) {
    inInitialState = damaged;
  }

  void thread(LitmusThread thread) {
    damagedThreads.add(thread.at());
  }

  /// A thread as a whole could not be read.
  void threads() {
    lostThreads = true;
  }

  void condition() {
    inCondition = true;
  }

  boolean ofInitialState() {
    return inInitialState;
  }

  boolean of(LitmusThread thread) {
    return damagedThreads.contains(thread.at());
  }

  /// Whether the list of threads, or any of them, is incomplete.
  boolean ofThreads() {
    return lostThreads || !damagedThreads.isEmpty();
  }

  boolean ofCondition() {
    return inCondition;
  }
}
