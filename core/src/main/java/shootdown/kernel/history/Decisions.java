package shootdown.kernel.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What one kernel decides. Kernel code asks it: `decisions.get(MovePtesFlush.class)`.
public final class Decisions {
  private final Map<Class<? extends Decision>, Decision> byKind = new HashMap<>();

  /// @param histories all decisions there are
  /// @param applied which fixes are in
  public Decisions(List<History<?>> histories, Predicate<Fix> applied) {
    for (var history : histories) {
      byKind.put(history.decision(), history.with(applied));
    }
  }

  /// @throws IllegalArgumentException if no history of this decision is registered
  public <D extends Decision> D get(Class<D> decision) {
    var found = byKind.get(decision);
    if (found == null) {
      throw new IllegalArgumentException("no history of " + decision.getSimpleName());
    }
    return decision.cast(found);
  }

  /// With one decision made otherwise: a user's own fix.
  public <D extends Decision> Decisions with(Class<D> decision, D value) {
    var copy = new Decisions(List.of(), _ -> false);
    copy.byKind.putAll(byKind);
    copy.byKind.put(decision, value);
    return copy;
  }
}
