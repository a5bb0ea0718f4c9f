package shootdown.model;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import shootdown.kernel.data.Descriptor;
import shootdown.kernel.data.Errno;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Observable;
import shootdown.machine.Layout;
import shootdown.model.truth.Truth;
import shootdown.sched.View;

/// The end of an execution, as the condition sees it. Its text, `0:r1=1; 0:sig=0;`, is its
/// identity: what it does not name makes no difference.
///
/// A condition's observables are named; without a condition, all registers and signals. A thread
/// that sleeps for ever is named, too.
record EndState(
    LitmusTest test,
    View view,
    Truth truth,
    Map<LitmusThread, ThreadState> states,
    Map<String, Long> globals) {

  String text() {
    var values =
        observables(test).stream()
            .map(o -> Outcome.show(o, value(o)))
            .collect(Collectors.joining(" "));
    var asleep =
        states.entrySet().stream()
            .filter(e -> isAsleep(e.getKey(), e.getValue()))
            .map(e -> " " + e.getKey().name() + " asleep;")
            .collect(Collectors.joining());
    return (values + asleep).strip();
  }

  private boolean isAsleep(LitmusThread thread, ThreadState state) {
    boolean began =
        thread.kind() != LitmusThread.Kind.CHILD || view.get(state.started()) == 1;
    return began && view.get(state.ended()) == 0;
  }

  /// Whether the condition's proposition holds of an outcome with this text.
  static boolean satisfies(LitmusTest test, String text, Map<String, Long> globals) {
    if (!(test.condition() instanceof Condition.Over over)) {
      return false;
    }
    Map<String, Long> values = new HashMap<>();
    for (var part : text.split(";")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        values.put(part.substring(0, equals).strip(), read(part.substring(equals + 1)));
      }
    }
    return over.test(
        observable ->
            observable instanceof Observable.Bound(var name)
                ? globals.get(name)
                : values.get(observable.label()));
  }

  private static Set<Observable> observables(LitmusTest test) {
    var found = new LinkedHashSet<Observable>();
    switch (test.condition()) {
      case Condition.Over over ->
          over.observables().stream()
              .filter(o -> !(o instanceof Observable.Bound))
              .forEach(found::add);
      case Condition.None _ -> {
        for (var thread : test.threads()) {
          if (thread.kind() != LitmusThread.Kind.KTHREAD) {
            thread.registers().forEach(
                r -> found.add(new Observable.Register(thread.number(), r)));
            found.add(new Observable.Signal(thread.number()));
          }
        }
      }
    }
    return found;
  }

  private long value(Observable observable) {
    return switch (observable) {
      case Observable.Register(var thread, var name) ->
          view.get(states.get(test.thread(thread)).register(name));
      case Observable.Signal(var thread) -> view.get(states.get(test.thread(thread)).signal());
      case Observable.Memory(var name, var word) -> memory(globals.get(name) + 8 * word);
      case Observable.File(var name, var word) -> file(globals.get(name), word);
      case Observable.Bound(var name) -> globals.get(name);
    };
  }

  /// What a load of this word would give; -EFAULT where it would fault.
  private long memory(long address) {
    int offset = (int) (address % Layout.PAGE_SIZE / Layout.WORD_SIZE);
    return truth
        .load(view, 0, (int) (address / Layout.PAGE_SIZE), offset)
        .orElse(Errno.EFAULT.result());
  }

  private long file(long descriptor, long word) {
    int perPage = Layout.PAGE_SIZE / Layout.WORD_SIZE;
    if (!(Descriptor.of((int) descriptor).orElse(null)
        instanceof Descriptor.OfFile(int number, _))) {
      return 0;
    }
    return truth.fileWord(view, number, (int) (word / perPage), (int) (word % perPage));
  }

  private static long read(String value) {
    return Signal.read(value).orElseGet(() -> Long.parseLong(value));
  }
}
