package shootdown.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The names that an expression may read.
sealed interface KnownNames {
  /// What the names of the initial state stand for.
  Map<String, GlobalKind> globals();

  boolean knows(String name);

  /// What is wrong with reading a name that is not known.
  String mistake(String name);

  /// In the initial state: the names that earlier statements bind.
  record Bound(Map<String, GlobalKind> globals, Set<String> bound) implements KnownNames {
    @Override
    public boolean knows(String name) {
      return bound.contains(name);
    }

    @Override
    public String mistake(String name) {
      return globals.containsKey(name)
          ? Token.quoted(name) + " is bound only later"
          : "unknown name " + Token.quoted(name) + Suggestion.of(name, bound);
    }
  }

  /// In a thread: the globals, and the registers that it assigns somewhere.
  record Thread(Map<String, GlobalKind> globals, Set<String> registers, String thread)
      implements KnownNames {
    @Override
    public boolean knows(String name) {
      return globals.containsKey(name) || registers.contains(name);
    }

    @Override
    public String mistake(String name) {
      List<String> known = new ArrayList<>(globals.keySet());
      known.addAll(registers);
      return Token.quoted(name) + " is neither bound by the initial state nor assigned by "
          + thread + Suggestion.of(name, known);
    }
  }
}
