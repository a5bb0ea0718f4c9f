package shootdown.report;

import java.util.Locale;
import java.util.Optional;
import shootdown.check.Coverage;
import shootdown.check.Search;
import shootdown.model.Ending;
import shootdown.model.Observation;
import shootdown.model.TestResult;
import shootdown.model.TestResult.Execution;
import shootdown.model.TestResult.ExecutionStep;
import shootdown.model.Violated;
import tools.jackson.core.JsonGenerator;

/// One JSON array, one object for each test, kernel and machine, each on a line of its own.
///
/// ```text
/// test, file, kernel, machine   strings
/// condition                     string, or null without one
/// observation                   Never, Sometimes, Always, Unknown; null without a condition
/// oracles                       names of those violated
/// violations                    [{oracle, message}]
/// expected                      what the test states, or null
/// asExpected                    true, false, or null if nothing is stated or it is not decided
/// standing                      as-stated, nothing-wrong, differs, undecided
/// complete, reason              whether all was explored; if not, why
/// search                        exhaustive, preemptions:2, random, pct:3, swarm
/// coverage                      {runs, ended, states, exact, longest, preemptions, seed} of a
///                               search that is not exhaustive, else null; preemptions may be null
/// states, transitions, seconds, collisionProbability
/// outcomes                      [{text, satisfies}], satisfies null without a condition
/// trace                         [{task, cpu, depth, kind, function, text}], or null
/// cycleStart                    index into trace where it begins to repeat for ever, or null
/// verdict                       what the trace shows, with indices into trace as {n}; or null
/// schedule, replay              the interleaving, and the command that shows it; or null
/// ```
///
/// `function` of a trace's step is the kernel function that it happens in, or null.
public final class JsonFormat implements Format {
  private String separator = "";

  @Override
  public String begin() {
    return "[\n";
  }

  @Override
  public boolean draws(TestResult result) {
    return true;
  }

  @Override
  public String next(TestResult result) {
    // A comma begins a line, so that each line is whole as soon as it is there.
    String text = separator + JsonText.object(json -> fields(json, result)) + "\n";
    separator = ",";
    return text;
  }

  @Override
  public String end(double seconds) {
    return "]\n";
  }

  private static void fields(JsonGenerator json, TestResult result) {
    what(json, result);
    verdict(json, result);
    effort(json, result);
    outcomes(json, result);
    trace(json, result);
  }

  private static void what(JsonGenerator json, TestResult result) {
    json.writeStringProperty("test", result.test());
    json.writeStringProperty("file", result.file());
    json.writeStringProperty("kernel", result.kernel());
    json.writeStringProperty("machine", result.machine());
    JsonText.optional(json, "condition", result.condition());
  }

  private static void verdict(JsonGenerator json, TestResult result) {
    JsonText.optional(json, "observation", result.observation().map(Observation::label));
    json.writeArrayPropertyStart("oracles");
    result.violations().forEach(violated -> json.writeString(violated.oracle()));
    json.writeEndArray();
    json.writeArrayPropertyStart("violations");
    for (Violated violated : result.violations()) {
      json.writeStartObject();
      json.writeStringProperty("oracle", violated.oracle());
      json.writeStringProperty("message", violated.message());
      json.writeEndObject();
    }
    json.writeEndArray();
    JsonText.optional(json, "expected", result.expected());
    json.writeName("asExpected");
    truth(json, result.asExpected());
    json.writeStringProperty("standing", word(Standing.of(result)));
    json.writeBooleanProperty("complete", result.isComplete());
    JsonText.optional(json, "reason", result.incomplete());
  }

  private static void effort(JsonGenerator json, TestResult result) {
    var coverage = result.effort().coverage();
    json.writeStringProperty(
        "search", coverage.map(Coverage::search).orElse(new Search.Exhaustive()).label());
    json.writeName("coverage");
    if (coverage.isPresent()) {
      coverage(json, coverage.get());
    } else {
      json.writeNull();
    }
    json.writeNumberProperty("states", result.effort().states());
    json.writeNumberProperty("transitions", result.effort().transitions());
    json.writeNumberProperty("seconds", result.effort().seconds());
    json.writeNumberProperty("collisionProbability", result.effort().collisionProbability());
  }

  private static void coverage(JsonGenerator json, Coverage coverage) {
    json.writeStartObject();
    json.writeNumberProperty("runs", coverage.runs());
    json.writeNumberProperty("ended", coverage.ended());
    json.writeNumberProperty("states", coverage.states());
    json.writeBooleanProperty("exact", coverage.exact());
    json.writeNumberProperty("longest", coverage.longest());
    json.writeName("preemptions");
    if (coverage.preemptions().isPresent()) {
      json.writeNumber(coverage.preemptions().getAsInt());
    } else {
      json.writeNull();
    }
    json.writeNumberProperty("seed", coverage.seed());
    json.writeEndObject();
  }

  private static void outcomes(JsonGenerator json, TestResult result) {
    json.writeArrayPropertyStart("outcomes");
    for (Ending ending : result.endings()) {
      json.writeStartObject();
      json.writeStringProperty("text", ending.text());
      json.writeName("satisfies");
      truth(json, result.condition().map(_ -> ending.satisfies()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void trace(JsonGenerator json, TestResult result) {
    Optional<Execution> shown = result.counterexample();
    json.writeName("trace");
    if (shown.isPresent()) {
      steps(json, shown.get());
    } else {
      json.writeNull();
    }
    json.writeName("cycleStart");
    if (shown.isPresent() && shown.get().cycleStart().isPresent()) {
      json.writeNumber(shown.get().cycleStart().getAsInt());
    } else {
      json.writeNull();
    }
    JsonText.optional(json, "verdict", shown.map(Execution::verdict));
    JsonText.optional(json, "schedule", shown.map(Execution::schedule));
    JsonText.optional(
        json, "replay", shown.map(execution -> Replay.oneLine(result, execution.schedule())));
  }

  private static void steps(JsonGenerator json, Execution execution) {
    var frames = new Frames(execution);
    json.writeStartArray();
    for (int i = 0; i < execution.steps().size(); i++) {
      ExecutionStep step = execution.steps().get(i);
      var column = execution.columns().get(step.column());
      json.writeStartObject();
      json.writeStringProperty("task", column.task());
      json.writeNumberProperty("cpu", column.cpu());
      json.writeNumberProperty("depth", step.depth());
      json.writeStringProperty("kind", step.kind().name().toLowerCase(Locale.ROOT));
      JsonText.optional(json, "function", frames.function(i).map(Frames::nameOf));
      json.writeStringProperty("text", step.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String word(Standing standing) {
    return standing.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void truth(JsonGenerator json, Optional<Boolean> value) {
    if (value.isPresent()) {
      json.writeBoolean(value.get());
    } else {
      json.writeNull();
    }
  }
}
