package shootdown.check;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import shootdown.sched.Op;
import shootdown.sched.Program;

/// A trace as plain text, one line an operation, in the order in which things happened.
///
/// ```text
/// A   1  x is 0
/// B   2  x = 1 (was 0)
///        wrong: it went wrong
/// ```
///
/// A task's name stands where that task takes over; a scope's name stands above what it does. Lines
/// are counted as a schedule counts: by operations.
public final class TraceText {
  private static final int MAX_DEPTH = 8;

  private final Trace trace;
  private final Program program;
  private final List<String> lines = new ArrayList<>();
  private final int[] depth;
  private final int nameWidth;
  private final int numberWidth;
  private int operations;
  private int last = -1;
  private String block = "";

  private TraceText(Trace trace) {
    this.trace = trace;
    program = trace.program();
    depth = new int[program.tasks().size()];
    nameWidth = program.tasks().stream().mapToInt(t -> t.name().length()).max().orElse(0);
    long all = trace.events().stream().filter(Event.Performed.class::isInstance).count();
    numberWidth = Long.toString(all).length();
  }

  /// The lines of a trace, without line ends.
  public static List<String> lines(Trace trace) {
    return new TraceText(trace).lines(Integer.MAX_VALUE);
  }

  /// A trace as text; each line ends with a line feed.
  public static String of(Trace trace) {
    return joined(lines(trace).stream());
  }

  /// A finding as text: what it is in one line, then its counterexample.
  public static String of(Finding finding) {
    String what =
        finding.violation().map(v -> v.property() + ": " + v.message() + "\n\n").orElse("");
    return what + of(finding.counterexample());
  }

  /// A counterexample as text: its trace, where its cycle begins if it has one, and the schedule
  /// that [Check#replay] takes.
  public static String of(Counterexample shown) {
    boolean lasso = !shown.cycle().isEmpty();
    int way = shown.schedule().decisions().size();
    var trace = new TraceText(shown.trace()).lines(lasso ? way : Integer.MAX_VALUE);
    var schedule =
        lasso
            ? List.of("schedule: " + shown.schedule(), "then for ever: " + shown.cycle())
            : List.of("schedule: " + shown.schedule());
    return joined(Stream.concat(trace.stream(), schedule.stream()));
  }

  private static String joined(Stream<String> lines) {
    return lines.map(line -> line + "\n").reduce("", String::concat);
  }

  private List<String> lines(int cycleAt) {
    for (var event : trace.events()) {
      if (event instanceof Event.Performed && operations == cycleAt) {
        lines.add(indent("") + "-- from here on, again and again --");
        last = -1;
      }
      add(event);
    }
    trace
        .outcome()
        .filter(outcome -> !outcome.isEmpty())
        .ifPresent(outcome -> lines.add(indent("") + "ends: " + outcome));
    return lines;
  }

  private void add(Event event) {
    switch (event) {
      case Event.Enter(int task, String label) -> {
        put(task, "", label + ":");
        depth[task]++;
      }
      case Event.Exit(int task, String _) -> depth[task]--;
      case Event.Note(int task, String text) -> put(task, "", "(" + text + ")");
      case Event.Performed performed -> performed(performed);
      case Event.Violated(int _, var violation) ->
          lines.add(indent("") + violation.property() + ": " + violation.message());
    }
  }

  private void performed(Event.Performed event) {
    operations++;
    switch (event.op().kind()) {
      case VIOLATE, FAIL, PROGRESS -> {
        return; // the event that follows says it, or there is nothing to say
      }
      default -> {}
    }
    boolean goesOn = last == event.task() && block.equals(event.atomic());
    String mark = event.atomic().isEmpty() ? "" : goesOn ? "| " : "+ ";
    String why = event.atomic().isEmpty() || goesOn ? "" : "  [" + event.atomic() + "]";
    put(event.task(), Integer.toString(operations), mark + describe(event) + why);
    block = event.atomic();
  }

  private void put(int task, String number, String text) {
    String name = task == last ? "" : program.tasks().get(task).name();
    last = task;
    String right = " ".repeat(Math.max(0, numberWidth - number.length())) + number;
    int levels = Math.clamp(depth[task], 0, MAX_DEPTH);
    lines.add((pad(name) + "  " + right + "  " + "  ".repeat(levels) + text).stripTrailing());
  }

  private String indent(String name) {
    return pad(name) + "  " + " ".repeat(numberWidth) + "  ";
  }

  private String pad(String name) {
    return name + " ".repeat(nameWidth - name.length());
  }

  private String describe(Event.Performed event) {
    Op op = event.op();
    if (!op.kind().touchesWord()) {
      return "chooses " + event.result() + " of " + op.a();
    }
    String word = program.nameOf(op.word());
    boolean yes = event.result() != 0;
    return switch (op.kind()) {
      case READ -> word + " is " + show(op, event.before());
      case READ_MASKED -> word + " & " + hex(op.a()) + " is " + hex(event.result());
      case IS -> word + (yes ? " is " : " is not ") + show(op, op.a());
      case TEST -> word + " & " + hex(op.a()) + (yes ? " is set" : " is not set");
      case CAS ->
          yes
              ? changed(word, event)
              : word + " is " + show(op, event.before()) + ", not " + show(op, op.a())
                  + ": not changed";
      case AWAIT, SLEEP -> "has waited: " + word + " is " + show(op, event.before());
      case LOCK -> "locks " + word;
      case TRY_LOCK -> (yes ? "locks " : "cannot lock ") + word;
      case UNLOCK -> "unlocks " + word;
      case READ_LOCK -> "read-locks " + word;
      case TRY_READ_LOCK -> (yes ? "read-locks " : "cannot read-lock ") + word;
      case READ_UNLOCK -> "read-unlocks " + word;
      case DOWNGRADE -> "downgrades " + word;
      case ADD_UNLESS_ZERO -> yes ? changed(word, event) : word + " is 0: not changed";
      case WRITE, ADD, ADD_IS_ZERO, SWAP, OR, AND_NOT, TEST_AND_SET, TEST_AND_CLEAR, REPLACE ->
          changed(word, event);
      case CHOOSE, VIOLATE, FAIL, PROGRESS -> throw new IllegalStateException("touches no word");
    };
  }

  private String changed(String word, Event.Performed event) {
    Op op = event.op();
    return word + " = " + show(op, event.after()) + " (was " + show(op, event.before()) + ")";
  }

  private String show(Op op, long value) {
    return program.show(op.word(), value);
  }

  private static String hex(long mask) {
    return Long.compareUnsigned(mask, 9) <= 0 ? Long.toString(mask) : "0x" + Long.toHexString(mask);
  }
}
