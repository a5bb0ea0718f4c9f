package shootdown.bench;

import shootdown.check.Reduction;
import shootdown.check.Reductions;

/// Reductions by the names that the scripts in `bench/` use.
final class Named {
  private Named() {}

  /// @param name `NONE`, `ALL`, or the name of a [Reduction] behind `-`, which is left out of all,
  ///     or behind `+`, which is used alone
  /// @throws IllegalArgumentException if there is no such reduction
  static Reductions reductions(String name) {
    return switch (name) {
      case "NONE" -> Reductions.NONE;
      case "ALL" -> Reductions.ALL;
      default -> {
        var kind = Reduction.valueOf(name.substring(1));
        yield switch (name.charAt(0)) {
          case '-' -> Reductions.ALL.without(kind);
          case '+' -> Reductions.of(kind);
          default -> throw new IllegalArgumentException("no such reductions: " + name);
        };
      }
    };
  }
}
