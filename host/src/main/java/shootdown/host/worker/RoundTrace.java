package shootdown.host.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Observable;
import shootdown.litmus.Printer;
import shootdown.litmus.Target;
import shootdown.model.Outcome;

/// What is known of one round: each statement in the order in which they began, with what it gave;
/// then what each thread had at its end.
///
/// ```text
///          0 +    320  P0  *x = 1
///        100 + 12,300  P1  munmap(x, PAGE) = 0
///        700 +      ?  P0  r1 = *x
///  P0 ended with 0:r1=0; 0:sig=SIGSEGV;
/// ```
///
/// Times are ticks of the time-stamp counter: since the first statement began, and how long it
/// took. They are measured where a test has [Points]; elsewhere there are the ends only.
public final class RoundTrace {
  private final LitmusTest test;
  private final Slots slots;
  private final long[] record;
  private final List<String> lines = new ArrayList<>();

  private RoundTrace(LitmusTest test, Slots slots, long[] record) {
    this.test = test;
    this.slots = slots;
    this.record = record;
  }

  /// The lines.
  ///
  /// @param record all of its words
  public static List<String> of(LitmusTest test, Slots slots, long[] record) {
    var trace = new RoundTrace(test, slots, record);
    trace.statements();
    trace.ends();
    return trace.lines;
  }

  private void statements() {
    var begun =
        slots.points().all().stream()
            .filter(point -> begin(point) != 0)
            .sorted(Comparator.comparingLong(this::begin))
            .toList();
    if (begun.isEmpty()) {
      return;
    }
    long first = begin(begun.getFirst());
    var last = lastAssignments(begun);
    for (var point : begun) {
      long end = record[slots.firstTime() + 2 * point.index() + 1];
      var value = end == 0 ? OptionalLong.empty() : value(point, last);
      lines.add(
          String.format(
              Locale.ROOT,
              "%,12d + %9s  %s  %s%s",
              begin(point) - first,
              end == 0 ? "?" : String.format(Locale.ROOT, "%,d", end - begin(point)),
              test.threads().get(point.thread()).name(),
              Printer.oneLine(point.statement()).replaceFirst(";$", ""),
              value.isPresent() ? " = " + value.getAsLong() : ""));
    }
  }

  private long begin(Points.Point point) {
    return record[slots.firstTime() + 2 * point.index()];
  }

  /// A register's value at the end is that of the statement that assigned it last.
  private static Map<String, Points.Point> lastAssignments(List<Points.Point> begun) {
    var last = new HashMap<String, Points.Point>();
    for (var point : begun) {
      if (point.statement().target() instanceof Target.Register(var name, _)) {
        last.put(point.thread() + ":" + name, point);
      }
    }
    return last;
  }

  private OptionalLong value(Points.Point point, Map<String, Points.Point> last) {
    return switch (point.statement().target()) {
      case Target.Register(var name, _) ->
          last.get(point.thread() + ":" + name) == point
              ? modelled(slots.tracedRegister(test.threads().get(point.thread()), name))
              : OptionalLong.empty();
      case Target.Nothing _ -> {
        var result = slots.tracedResult(point.statement());
        yield result.isPresent() ? modelled(result.getAsInt()) : OptionalLong.empty();
      }
      case Target.Memory _ -> OptionalLong.empty();
    };
  }

  private OptionalLong modelled(int word) {
    return OptionalLong.of(WorkerAddresses.modelled(record[word]));
  }

  private void ends() {
    for (int i = 0; i < test.threads().size(); i++) {
      var thread = test.threads().get(i);
      var text = new StringBuilder(thread.name() + " ended with");
      for (var name : thread.registers()) {
        long value = WorkerAddresses.modelled(record[slots.tracedRegister(thread, name)]);
        text.append(' ').append(
            Outcome.show(new Observable.Register(thread.number(), name), value));
      }
      text.append(' ').append(
          Outcome.show(
              new Observable.Signal(thread.number()), record[slots.tracedSignal(i)]));
      lines.add(text.toString());
    }
  }
}
