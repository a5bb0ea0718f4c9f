package shootdown.check;

import java.util.List;
import java.util.Optional;
import shootdown.sched.Program;
import shootdown.sched.Violation;

/// What happened in one run.
///
/// A scope's [Event.Enter] stands where its first operation does, not where its caller's last one
/// was.
///
/// @param program names words, tasks and values
/// @param events in order
/// @param outcome how the run ended, if it came to its end
public record Trace(Program program, List<Event> events, Optional<String> outcome) {
  public Trace {
    events = List.copyOf(events);
  }

  /// All that went wrong, in order.
  public List<Violation> violations() {
    return events.stream()
        .filter(Event.Violated.class::isInstance)
        .map(e -> ((Event.Violated) e).violation())
        .toList();
  }
}
