package shootdown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import shootdown.model.Observation;
import shootdown.model.TestResult;
import shootdown.report.TextFormat.Drawing;
import shootdown.report.TextFormat.Widths;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Whole outputs, compared with files.
class FormatsTest {
  @Test
  void manyRunsAreOneLineEachAndWhatDiffersIsDrawn() {
    Golden.check("many.txt", text(Drawing.DIFFERING, Results.all()));
  }

  @Test
  void oneRunIsShownWithAllItsEndings() {
    Golden.check("one.txt", text(Drawing.EVERYTHING, List.of(Results.lostWrite())));
  }

  @Test
  void aTestOfWhichNoRunEndsIsNotTakenForOneThatIsFine() {
    String why = "none: no run ends, for a thread stays in a `while` for ever";
    var endless = Results.claiming("exists (x=1)", Observation.NEVER);
    assertTrue(text(Drawing.EVERYTHING, List.of(endless)).contains(why));
    assertFalse(text(Drawing.EVERYTHING, List.of(Results.livelock())).contains(why));
  }

  @Test
  void colourIsOnlyAroundTheFirstWord() {
    var format = new TextFormat(Widths.NONE, Drawing.DIFFERING, Paint.COLOURS);
    String line = format.next(Results.fixed());
    assertTrue(line.startsWith("\u001B[32mok  \u001B[0m  mremap"), line);
    assertEquals(line.lastIndexOf('\u001B'), line.indexOf("\u001B[0m"));
  }

  @Test
  void herdBlocks() {
    Golden.check("herd.txt", write(new HerdFormat(), Results.all()));
  }

  @Test
  void herdCountsWhatAForbiddenConditionFindsAsNegative() {
    String block =
        new HerdFormat()
            .next(Results.claiming("~exists (x=1)", Observation.SOMETIMES, true, false, false));
    assertTrue(block.startsWith("Test mremap+mkclean Forbidden\nStates 3\n"), block);
    assertTrue(block.contains("\nNo\nWitnesses\nPositive: 2 Negative: 1\n"), block);
    assertTrue(block.contains("\nObservation mremap+mkclean Sometimes 1 2\n"), block);
  }

  @Test
  void herdRequiresThatAllEndingsSatisfyForall() {
    assertTrue(required(Observation.ALWAYS, true, true).contains("\nOk\n"));
    assertTrue(required(Observation.SOMETIMES, true, false).contains("\nNo\n"));
  }

  private static String required(Observation observation, Boolean... satisfies) {
    return new HerdFormat().next(Results.claiming("forall (x=1)", observation, satisfies));
  }

  @Test
  void json() {
    Golden.check("results.json", write(new JsonFormat(), Results.all()));
  }

  @Test
  void jsonIsOneArrayWithAnObjectForEachResult() {
    assertEquals(0, objects(write(new JsonFormat(), List.of())));
    assertEquals(1, objects(write(new JsonFormat(), List.of(Results.fixed()))));
    assertEquals(6, objects(write(new JsonFormat(), Results.all())));
  }

  private static int objects(String json) {
    int objects = 0;
    int depth = 0;
    try (JsonParser parser =
        new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
        objects += t == JsonToken.START_OBJECT && depth == 1 ? 1 : 0;
        depth += t.isStructStart() ? 1 : t.isStructEnd() ? -1 : 0;
      }
    }
    return objects;
  }

  @Test
  void whereNothingIsStatedATestsOwnClaimCounts() {
    assertEquals(Standing.DIFFERS, standing("~exists (x=1)", Observation.SOMETIMES, true, false));
    assertEquals(Standing.NOTHING_WRONG, standing("~exists (x=1)", Observation.NEVER, false));
    assertEquals(Standing.DIFFERS, standing("forall (x=1)", Observation.SOMETIMES, true, false));
    assertEquals(Standing.NOTHING_WRONG, standing("forall (x=1)", Observation.ALWAYS, true));
    assertEquals(Standing.NOTHING_WRONG, standing("exists (x=1)", Observation.ALWAYS, true));
  }

  private static Standing standing(String condition, Observation seen, Boolean... satisfies) {
    return Standing.of(Results.claiming(condition, seen, satisfies));
  }

  private static String text(Drawing drawing, List<TestResult> results) {
    var widths = Widths.NONE;
    for (var result : results) {
      widths = widths.fitting(result.test(), result.kernel(), result.machine());
    }
    return write(new TextFormat(widths, drawing, Paint.NONE), results);
  }

  private static String write(Format format, List<TestResult> results) {
    var text = new StringBuilder(format.begin());
    results.forEach(result -> text.append(format.next(result)));
    return text.append(format.end(1.5)).toString();
  }
}
