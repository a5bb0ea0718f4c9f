package shootdown.kernel.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// How one decision changed in time.
///
/// @param decision which
/// @param before what was decided before the first of the fixes
/// @param fixes in the order in which they were merged; of those that are applied the last counts
public record History<D extends Decision>(Class<D> decision, D before, List<Fix> fixes) {
  /// A decision that nothing has changed yet.
  public static <D extends Decision> History<D> of(Class<D> decision, D before) {
    return new History<>(decision, before, List.of());
  }

  /// With one more fix.
  public History<D> then(Fix fix) {
    decision.cast(fix.decision());
    var more = new ArrayList<>(fixes);
    more.add(fix);
    return new History<>(decision, before, List.copyOf(more));
  }

  /// What is decided where the fixes of which `applied` holds are in.
  D with(Predicate<Fix> applied) {
    D now = before;
    for (var fix : fixes) {
      if (applied.test(fix)) {
        now = decision.cast(fix.decision());
      }
    }
    return now;
  }
}
