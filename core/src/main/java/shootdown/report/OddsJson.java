package shootdown.report;

import java.util.Optional;
import shootdown.check.Interval;
import shootdown.check.Tally;
import shootdown.check.Window;
import shootdown.model.odds.Estimator;
import shootdown.model.odds.Odds;
import tools.jackson.core.JsonGenerator;

/// One JSON array, one object for each kernel and machine, each on a line of its own.
///
/// ```text
/// test, file, kernel, machine   strings
/// condition                     string, or null without one
/// oracles                       names of those that exploring saw violated
/// never                         whether all was explored and nothing can be hit
/// explored                      whether all was explored
/// seed, pauseNanos
/// bare, widened                 {rounds, hits, passed, cutShort, estimate, low, high, nanos}, or
///                               null: without a window, and with `windows`; nanos is simulated
/// rare                          {boost, rounds, hits, estimate, low, high}, or null
/// windows                       [{function, step, after, delayNanos}]
/// tried                         [{function, step, after, delayNanos, and as bare}], the best first
/// ```
public final class OddsJson implements OddsFormat {
  private String separator = "";

  @Override
  public String begin() {
    return "[\n";
  }

  @Override
  public String next(Odds odds) {
    String text = separator + JsonText.object(json -> fields(json, odds)) + "\n";
    separator = ",";
    return text;
  }

  @Override
  public String end() {
    return "]\n";
  }

  private static void fields(JsonGenerator json, Odds odds) {
    var explored = odds.explored();
    json.writeStringProperty("test", explored.test());
    json.writeStringProperty("file", explored.file());
    json.writeStringProperty("kernel", explored.kernel());
    json.writeStringProperty("machine", explored.machine());
    JsonText.optional(json, "condition", explored.condition());
    json.writeArrayPropertyStart("oracles");
    explored.violations().forEach(violated -> json.writeString(violated.oracle()));
    json.writeEndArray();
    json.writeBooleanProperty("never", Estimator.isNever(explored));
    json.writeBooleanProperty("explored", explored.isComplete());
    json.writeNumberProperty("seed", odds.request().seed());
    json.writeNumberProperty("pauseNanos", odds.request().pauseNanos());
    tally(json, "bare", odds.bare());
    rare(json, odds.rare());
    tried(json, odds);
    json.writeArrayPropertyStart("windows");
    for (Window window : odds.windows()) {
      json.writeStartObject();
      window(json, window);
      json.writeEndObject();
    }
    json.writeEndArray();
    tally(json, "widened", odds.widened());
  }

  private static void tally(JsonGenerator json, String name, Optional<Tally> tally) {
    json.writeName(name);
    if (tally.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    tally(json, tally.get());
    json.writeEndObject();
  }

  private static void tally(JsonGenerator json, Tally tally) {
    json.writeNumberProperty("rounds", tally.rounds());
    json.writeNumberProperty("hits", tally.hits());
    json.writeNumberProperty("passed", tally.passed());
    json.writeNumberProperty("cutShort", tally.cutShort());
    interval(json, tally.interval());
    json.writeNumberProperty("nanos", tally.meanNanos());
  }

  private static void interval(JsonGenerator json, Interval interval) {
    json.writeNumberProperty("estimate", interval.estimate());
    json.writeNumberProperty("low", interval.low());
    json.writeNumberProperty("high", interval.high());
  }

  private static void rare(JsonGenerator json, Optional<Odds.Rare> rare) {
    json.writeName("rare");
    if (rare.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeNumberProperty("boost", rare.get().boost());
    json.writeNumberProperty("rounds", rare.get().rounds());
    json.writeNumberProperty("hits", rare.get().hits());
    interval(json, rare.get().probability());
    json.writeEndObject();
  }

  private static void tried(JsonGenerator json, Odds odds) {
    json.writeArrayPropertyStart("tried");
    for (Odds.Tried tried : odds.tried()) {
      json.writeStartObject();
      window(json, tried.window());
      tally(json, tried.tally());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void window(JsonGenerator json, Window window) {
    int slash = window.site().indexOf('/');
    json.writeStringProperty("function", window.site().substring(0, slash));
    json.writeStringProperty("step", window.site().substring(slash + 1));
    json.writeBooleanProperty("after", window.place() == Window.Place.AFTER);
    json.writeNumberProperty("delayNanos", window.nanos());
  }
}
