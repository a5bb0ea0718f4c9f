package shootdown.kernel.history;

import java.util.List;

/// A fix that a user tries: a class that decides otherwise than Linux did, in a file of its own.
///
/// @param file as [KernelSpec] names it
/// @param source its text
/// @param decision decides; the same question must get the same answer
public record OwnFix(String file, String source, Decision decision) {
  /// Which of the decisions it makes.
  public List<? extends Class<? extends Decision>> kinds(List<History<?>> histories) {
    return histories.stream()
        .map(History::decision)
        .filter(kind -> kind.isInstance(decision))
        .toList();
  }
}
