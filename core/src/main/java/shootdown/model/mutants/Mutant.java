package shootdown.model.mutants;

import java.util.List;
import java.util.Optional;
import shootdown.sched.Mutation;

/// What became of a mutant.
///
/// @param site its name, `function/what`
/// @param kind what is switched off
/// @param catcher who noticed; empty if nobody did
/// @param evidence what the state spaces show of the need for the site, if nobody noticed
/// @param undecided names of those of them that were not explored to their end
public record Mutant(
    String site,
    Mutation.Kind kind,
    Optional<Catcher> catcher,
    Optional<Evidence> evidence,
    List<String> undecided) {

  /// Who noticed.
  ///
  /// @param file the test
  /// @param machine where
  /// @param how what was otherwise
  public record Catcher(String file, String machine, String how) {}

  public boolean isCaught() {
    return catcher.isPresent();
  }
}
