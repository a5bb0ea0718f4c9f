package shootdown.check;

import java.util.List;
import shootdown.sched.HeldLocks;

/// Numbers for what tasks were told: equal histories, equal numbers.
final class Histories {
  static final int EMPTY = 0;
  static final int ENDED = -1;

  private final Interner<List<Object>> known = new Interner<>();

  Histories() {
    known.id(List.of());
  }

  /// `history`, and then the result of an operation.
  int told(int history, long result) {
    return known.id(List.of(history, "told", result));
  }

  /// Into a scope.
  int entered(int history) {
    return known.id(List.of(history, "entered"));
  }

  /// A turn of a loop that was come to with `history`.
  int turn(int history, Object live, HeldLocks held, boolean mid) {
    return known.id(List.of(history, "turn", new Value(live), held, mid));
  }

  /// After a scope or a loop that was come to with `history`.
  int returned(int history, Object result, HeldLocks held, boolean mid) {
    return known.id(List.of(history, "returned", new Value(result), held, mid));
  }

  private record Value(Object value) {}
}
