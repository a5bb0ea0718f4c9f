package shootdown.litmus;

import java.util.List;
import java.util.stream.Collectors;

/// What reading a litmus file gave.
public sealed interface ParseResult {
  /// The file is right.
  ///
  /// @param source for mistakes that only a later stage can see
  record Parsed(LitmusTest test, SourceText source) implements ParseResult {}

  /// The file is wrong.
  ///
  /// @param diagnostics at least one, sorted by place
  record Rejected(String fileName, List<Diagnostic> diagnostics) implements ParseResult {
    public Rejected {
      diagnostics = List.copyOf(diagnostics);
    }

    /// All of them as a compiler prints them, one below the other.
    public String render() {
      return diagnostics.stream().map(d -> d.render(fileName)).collect(Collectors.joining("\n"));
    }
  }
}
