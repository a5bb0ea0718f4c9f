package shootdown.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shootdown.model.TestResult;
import shootdown.model.TestResult.Execution;
import shootdown.model.TestResult.ExecutionStep;
import shootdown.model.TestResult.Kind;
import tools.jackson.core.JsonGenerator;

/// The counterexamples in the Trace Event Format, which ui.perfetto.dev and `chrome://tracing`
/// show:
///
/// ```text
/// process      one for each run that has a counterexample: test, kernel, machine
/// thread       one for each task
/// slice        a statement or a kernel function, from its first step to its last; an effect
/// instant      what an oracle says; where it begins to repeat for ever; what the trace shows
/// time         a step is a microsecond: the order is what was found, times are not
/// ```
public final class PerfettoFormat implements Format {
  private static final String COMPLETE = "X";
  private static final String INSTANT = "i";

  private int runs;
  private String separator = "\n";

  @Override
  public String begin() {
    return "{\"otherData\":{\"time\":\"a step is 1 us\"},\"traceEvents\":[";
  }

  @Override
  public boolean draws(TestResult result) {
    return true;
  }

  @Override
  public String next(TestResult result) {
    return result.counterexample().map(execution -> events(result, execution)).orElse("");
  }

  @Override
  public String end(double seconds) {
    return "\n]}\n";
  }

  private String events(TestResult result, Execution execution) {
    var process = new Process(++runs, execution);
    process.named(result.test() + "  " + result.kernel() + "  " + result.machine());
    for (int i = 0; i < execution.steps().size(); i++) {
      process.step(i);
    }
    execution.cycleStart()
        .ifPresent(start -> process.instant(start, "from here on, for ever"));
    process.instant(execution.steps().size(), process.script.verdict());
    var text = new StringBuilder();
    for (String event : process.events) {
      text.append(separator).append(event);
      separator = ",\n";
    }
    return text.toString();
  }

  /// The events of one run.
  private static final class Process {
    private final int id;
    private final Execution execution;
    private final Script script;
    private final int[] ends;
    private final List<String> events = new ArrayList<>();

    Process(int id, Execution execution) {
      this.id = id;
      this.execution = execution;
      this.script = new Script(execution, _ -> Integer.MAX_VALUE);
      this.ends = new Frames(execution).ends();
    }

    void named(String name) {
      meta("process_name", 0, name);
      for (int task = 0; task < execution.columns().size(); task++) {
        var column = execution.columns().get(task);
        meta("thread_name", task + 1, column.task() + " / cpu" + column.cpu());
      }
    }

    void step(int i) {
      ExecutionStep step = execution.steps().get(i);
      boolean isInstant = step.kind() == Kind.VIOLATION || step.kind() == Kind.REMARK;
      events.add(
          JsonText.object(
              json -> {
                json.writeStringProperty("name", step.text());
                json.writeStringProperty("cat", step.kind().name().toLowerCase(Locale.ROOT));
                json.writeStringProperty("ph", isInstant ? INSTANT : COMPLETE);
                json.writeNumberProperty("ts", i);
                if (isInstant) {
                  json.writeStringProperty("s", "t");
                } else {
                  json.writeNumberProperty("dur", ends[i] - i);
                }
                json.writeNumberProperty("pid", id);
                json.writeNumberProperty("tid", step.column() + 1);
                number(json, script.number(i));
              }));
    }

    /// The step's number in the diagram, if it has one.
    private static void number(JsonGenerator json, int number) {
      if (number != 0) {
        json.writeObjectPropertyStart("args");
        json.writeNumberProperty("step", number);
        json.writeEndObject();
      }
    }

    void instant(int at, String name) {
      events.add(
          JsonText.object(
              json -> {
                json.writeStringProperty("name", name);
                json.writeStringProperty("ph", INSTANT);
                json.writeStringProperty("s", "p");
                json.writeNumberProperty("ts", at);
                json.writeNumberProperty("pid", id);
                json.writeNumberProperty("tid", lastTask() + 1);
              }));
    }

    private int lastTask() {
      return execution.steps().isEmpty() ? 0 : execution.steps().getLast().column();
    }

    private void meta(String what, int thread, String name) {
      events.add(
          JsonText.object(
              json -> {
                json.writeStringProperty("name", what);
                json.writeStringProperty("ph", "M");
                json.writeNumberProperty("pid", id);
                json.writeNumberProperty("tid", thread);
                json.writeObjectPropertyStart("args");
                json.writeStringProperty("name", name);
                json.writeEndObject();
              }));
    }
  }
}
