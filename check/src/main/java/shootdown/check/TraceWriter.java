package shootdown.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Writes the events of a run down in the order in which its reader wants them: that a task enters
/// a scope is told when it does something there.
final class TraceWriter implements ThreadedRun.Listener {
  private final List<Event> events = new ArrayList<>();
  private final List<Delayed> delayed = new ArrayList<>();

  /// Events of one task that wait for its next operation; null if they need not wait.
  private static final class Delayed {
    final List<Event> events = new ArrayList<>();
    boolean delays = true;
  }

  TraceWriter(int tasks) {
    for (int t = 0; t < tasks; t++) {
      delayed.add(new Delayed());
    }
  }

  List<Event> events() {
    return events;
  }

  /// Says that a task is about to perform an operation.
  void performs(int task) {
    flush(task);
  }

  void add(Event event) {
    events.add(event);
  }

  @Override
  public void entered(int task, String label) {
    if (!label.isEmpty()) {
      delayed.get(task).delays = true;
      put(new Event.Enter(task, label));
    }
  }

  @Override
  public void left(int task, String label) {
    if (!label.isEmpty()) {
      put(new Event.Exit(task, label));
    }
  }

  @Override
  public void noted(int task, Supplier<String> text) {
    put(new Event.Note(task, text.get()));
  }

  @Override
  public void ended(int task) {
    flush(task);
  }

  private void put(Event event) {
    var own = delayed.get(event.task());
    (own.delays ? own.events : events).add(event);
  }

  private void flush(int task) {
    var own = delayed.get(task);
    events.addAll(own.events);
    own.events.clear();
    own.delays = false;
  }
}
