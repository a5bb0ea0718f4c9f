package shootdown.litmus;

import java.util.HashSet;
import java.util.Set;

/// Which names the parser has met so far: it decides whether a name is a global or a register.
final class Scope {
  private final Set<String> globals = new HashSet<>();
  private boolean initialState = true;

  /// The initial state is read: from now on a name that it did not bind is a register.
  void startThreads() {
    initialState = false;
  }

  boolean inInitialState() {
    return initialState;
  }

  /// A statement assigns this name, even if the rest of the statement cannot be read.
  void assigned(String name) {
    if (initialState) {
      globals.add(name);
    }
  }

  boolean isGlobal(String name) {
    return initialState || globals.contains(name);
  }
}
