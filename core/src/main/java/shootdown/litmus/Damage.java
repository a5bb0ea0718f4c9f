package shootdown.litmus;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Which parts of a file could not be read to their end: what seems to be missing there is no
/// mistake of its own.
final class Damage {
  private final Set<String> globals = new HashSet<>();
  private final Map<Position, Set<String>> registers = new HashMap<>();
  private boolean lostThreads;
  private boolean inCondition;

  /// In the initial state; these names may be bound there.
  void initialState(Set<String> names) {
    globals.addAll(names);
  }

  /// In a thread; these names may be assigned there.
  void thread(LitmusThread thread, Set<String> names) {
    registers.put(thread.at(), names);
  }

  /// A thread as a whole could not be read, or not its name.
  void threads() {
    lostThreads = true;
  }

  void condition() {
    inCondition = true;
  }

  boolean mayBind(String name) {
    return globals.contains(name);
  }

  /// Names that statements which could not be read may bind.
  Set<String> globals() {
    return globals;
  }

  /// Names that statements of the thread which could not be read may assign.
  Set<String> registers(LitmusThread thread) {
    return registers.getOrDefault(thread.at(), Set.of());
  }

  /// Whether the list of threads is incomplete.
  boolean lostThreads() {
    return lostThreads;
  }

  /// Whether there may be a statement that was not read.
  boolean lostStatements() {
    return lostThreads || !registers.isEmpty();
  }

  boolean ofCondition() {
    return inCondition;
  }
}
