package shootdown.model;

import java.util.List;
import shootdown.litmus.Diagnostic;

/// What checking a file would do.
public sealed interface Plan {
  /// These runs.
  ///
  /// @param runs at least one
  record Runs(List<Planned> runs) implements Plan {
    public Runs {
      runs = List.copyOf(runs);
    }
  }

  /// The file asks for what does not exist.
  ///
  /// @param diagnostics at least one
  record Refused(List<Diagnostic> diagnostics) implements Plan {
    public Refused {
      diagnostics = List.copyOf(diagnostics);
    }
  }
}
