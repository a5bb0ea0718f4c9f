package shootdown.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Collects the mistakes of one file: at most one for each place, and no more than [#LIMIT].
final class Diagnostics {
  static final int LIMIT = 1_000;

  private final SourceText source;
  private final Map<Position, String> messages = new TreeMap<>();
  private boolean cut;

  Diagnostics(SourceText source) {
    this.source = source;
  }

  void add(Position at, String message) {
    add(at, () -> message);
  }

  /// The message is only built where it is kept: a suggestion costs time.
  void add(Position at, Supplier<String> message) {
    if (messages.size() < LIMIT) {
      messages.computeIfAbsent(at, _ -> message.get());
    } else {
      cut = true;
    }
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  /// All of them, sorted by place.
  List<Diagnostic> sorted() {
    List<Diagnostic> sorted = new ArrayList<>();
    messages.forEach((at, message) -> sorted.add(source.diagnostic(at, message)));
    if (cut) {
      Diagnostic last = sorted.removeLast();
      sorted.add(source.diagnostic(last.at(), "too many mistakes: the rest is not listed"));
    }
    return List.copyOf(sorted);
  }
}
