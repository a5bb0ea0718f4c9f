package shootdown.litmus;

import java.util.List;

/// Finds the mistakes of a file that only a later stage can see: a release that does not exist, a
/// system call that is not modelled. It is asked of files that have other mistakes, too, so that
/// all are listed at once; what is wrong is left out of the tree then.
@FunctionalInterface
public interface Examiner {
  /// @param parsed the tree as far as it could be read
  List<Diagnostic> examine(ParseResult.Parsed parsed);

  /// Sees nothing.
  Examiner NONE = _ -> List.of();
}
