package shootdown.bench;

import shootdown.check.Reductions;

/// Reductions by the names that the scripts in `bench/` use.
final class Named {
  private Named() {}

  /// @param name `NONE`, `ALL`, `SYMMETRY` (that alone), or `-` and the name of one that is left
  ///     out
  /// @throws IllegalArgumentException if there is no such reduction
  static Reductions reductions(String name) {
    return switch (name) {
      case "NONE" -> Reductions.NONE;
      case "ALL" -> Reductions.ALL;
      case "SYMMETRY" -> Reductions.NONE.withSymmetry();
      case "-privateWords" -> new Reductions(false, true, true, true, true);
      case "-lockedWords" -> new Reductions(true, false, true, true, true);
      case "-lockMovers" -> new Reductions(true, true, false, true, true);
      case "-localChoices" -> new Reductions(true, true, true, false, true);
      case "-symmetry" -> Reductions.ALL.withoutSymmetry();
      default -> throw new IllegalArgumentException("no such reductions: " + name);
    };
  }
}
