package shootdown.check;

import java.util.ArrayList;
import java.util.List;
import shootdown.sched.HeldLocks;

/// How the tasks use one word, as far as is known.
final class WordUse {
  private final List<Access> accesses = new ArrayList<>();
  private boolean shared;
  private boolean unprotected;
  private boolean tried;
  private boolean severalTasks;

  private record Access(int task, boolean writes, HeldLocks held) {
    boolean conflicts(Access other) {
      return task != other.task && (writes || other.writes);
    }

    /// Whether a lock keeps the two from being next to each other.
    boolean excludes(Access other) {
      return held.locks().stream()
          .anyMatch(
              h ->
                  h.exclusive()
                      ? other.held.holds(h.word())
                      : other.held.holdsExclusively(h.word()));
    }
  }

  void add(int task, boolean writes, HeldLocks held) {
    var access = new Access(task, writes, held.real());
    if (accesses.contains(access)) {
      return;
    }
    for (var other : accesses) {
      severalTasks |= other.task != task;
      if (access.conflicts(other)) {
        shared = true;
        unprotected |= !access.excludes(other);
      }
    }
    accesses.add(access);
  }

  /// As a lock, somebody only tries to take it.
  void tried() {
    tried = true;
  }

  /// Some task writes what another task uses.
  boolean isShared() {
    return shared;
  }

  /// Two accesses, one of them a write, may meet.
  boolean isUnprotected() {
    return unprotected;
  }

  boolean isTried() {
    return tried;
  }

  boolean hasSeveralTasks() {
    return severalTasks;
  }
}
