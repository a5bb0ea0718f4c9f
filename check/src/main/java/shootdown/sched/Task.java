package shootdown.sched;

import java.util.Objects;

/// A thread of the program: code that runs step by step, interleaved with the others'.
///
/// @param id 0, 1, … in the order of creation
/// @param name for traces
/// @param kind whether the program is over only when the task is
/// @param body its code: deterministic in what it reads through [Steps], [Word] and [Lock]
public record Task(int id, String name, Kind kind, Runnable body) {
  public Task {
    Objects.requireNonNull(name, "a task without a name");
    Objects.requireNonNull(kind, "a task that is of no kind");
    Objects.requireNonNull(body, "a task without code");
  }

  /// See [Task#kind].
  public enum Kind {
    /// the program ends when all of these have ended
    NORMAL,
    /// serves the others, for ever: a program may end while it waits
    DAEMON
  }

  @Override
  public String toString() {
    return name;
  }
}
