package shootdown.check;

import java.util.Arrays;

/// For each state, and each task that may have run last there, with how many preemptions left it
/// was met at best: open addressing in flat arrays that grow by doubling.
final class BestBudgets {
  private static final byte NEVER = -1;

  private final int lasts;
  private long[] keys = new long[1 << 10];
  private byte[] best;
  private final long memory;
  private int size;
  private boolean isFull;

  /// @param tasks how many there are
  /// @param memory bytes that it may take
  BestBudgets(int tasks, long memory) {
    lasts = tasks + 1;
    this.memory = memory;
    best = unmet(keys.length);
  }

  /// Number of states.
  int size() {
    return size;
  }

  /// Whether there is no room for more states.
  boolean isFull() {
    return isFull;
  }

  /// Notes a state down; tells whether anything new can follow.
  ///
  /// @param running the task that ran last and could go on, or [Descent#NOBODY]
  /// @param left preemptions left, at most 126
  boolean raise(long fingerprint, int running, int left) {
    int slot = slot(fingerprint) * lasts;
    if (best[slot + running + 1] >= left) {
      return false;
    }
    for (int i = slot; i < slot + lasts; i++) {
      // Whoever ran: to go on as `running` would costs one preemption at most. Nobody: nothing.
      if (best[i] > left || (i == slot && best[i] >= left)) {
        return false;
      }
    }
    best[slot + running + 1] = (byte) left;
    return true;
  }

  /// Gives the memory back; only the number of states is still known.
  void forget() {
    keys = new long[0];
    best = new byte[0];
  }

  private int slot(long fingerprint) {
    long key = fingerprint == 0 ? 1 : fingerprint;
    int i = find(key);
    if (keys[i] == key) {
      return i;
    }
    if (++size > keys.length * 0.7 && !isFull) {
      grow();
      i = find(key);
    }
    keys[i] = key;
    return i;
  }

  private int find(long key) {
    int mask = keys.length - 1;
    int i = (int) key & mask;
    while (keys[i] != 0 && keys[i] != key) {
      i = (i + 1) & mask;
    }
    return i;
  }

  private void grow() {
    long bytes = (long) keys.length * (Long.BYTES + lasts);
    if (2L * keys.length * lasts > Integer.MAX_VALUE - 8 || 3 * bytes > memory) {
      isFull = true;
      return;
    }
    long[] oldKeys = keys;
    byte[] oldBest = best;
    keys = new long[2 * oldKeys.length];
    best = unmet(keys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int to = find(oldKeys[i]);
        keys[to] = oldKeys[i];
        System.arraycopy(oldBest, i * lasts, best, to * lasts, lasts);
      }
    }
  }

  private byte[] unmet(int states) {
    byte[] none = new byte[states * lasts];
    Arrays.fill(none, NEVER);
    return none;
  }
}
