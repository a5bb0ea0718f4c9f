package shootdown.kernel.mmap;

import shootdown.kernel.data.Mm;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether MADV_REMOVE holds mmap_lock while it makes the hole, for which it takes i_rwsem: write()
/// takes that first, and mmap_lock if its buffer faults.
///
/// | release | |
/// |---|---|
/// | v2.6.16 | for writing, as all advice then |
/// | v2.6.21 | no: 90ed52ebe481 |
public enum RemoveLock implements Decision {
  HELD,
  DROPPED;

  /// The decision in time.
  public static final History<RemoveLock> HISTORY =
      History.of(RemoveLock.class, HELD)
          .then(
              Fix.merged(
                  "90ed52ebe481",
                  "[PATCH] holepunch: fix mmap_sem i_mutex deadlock",
                  "v2.6.21-rc6",
                  DROPPED));

  /// Before the hole is made. The caller has mmap_lock for reading.
  void begins(Mm mm) {
    mm.mmapLock().readUnlock();
    if (this == HELD) {
      mm.mmapLock().lock();
    }
  }

  /// After it.
  void ends(Mm mm) {
    if (this == HELD) {
      mm.mmapLock().unlock();
    }
    mm.mmapLock().readLock();
  }
}
