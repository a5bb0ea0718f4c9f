package shootdown.litmus;

import java.util.List;
import java.util.Map;

/// A litmus test, checked: every name is bound, every call fits its signature.
///
/// @param name the first line's, and the file's without `.litmus`
/// @param init what one process runs before the threads start; only [Statement.Assign]
/// @param threads in the order of the file
public record LitmusTest(
    String name, Header header, List<Statement> init, List<LitmusThread> threads,
    Condition condition) {
  public LitmusTest {
    init = List.copyOf(init);
    threads = List.copyOf(threads);
  }

  /// The names that the initial state binds and what each is, in the order of the file.
  public Map<String, GlobalKind> globals() {
    return GlobalKinds.of(init);
  }

  /// Thread Pn.
  ///
  /// @throws IllegalArgumentException if the test has no such thread
  public LitmusThread thread(int number) {
    return threads.stream()
        .filter(t -> t.kind() != LitmusThread.Kind.KTHREAD && t.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " has no thread P" + number));
  }
}
