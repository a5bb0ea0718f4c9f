package shootdown.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Plan;
import shootdown.model.Planned;
import shootdown.model.TestResult;
import shootdown.model.TestResult.Execution;
import shootdown.model.Violated;

/// The schedule that is printed below a counterexample shows the same again, by `--schedule`: what
/// happens, what it violates and how it ends. The second runner executes it, with threads.
class SchedulesTest {
  private static final Library LIBRARY = Library.find();

  /// The quick test takes every so many-th test of the library.
  private static final int SLICE = 60;

  @Test
  void someSchedulesShowTheSameAgain() throws Exception {
    var tests = LIBRARY.tests();
    var some = IntStream.range(0, tests.size()).filter(i -> i % SLICE == 0).mapToObj(tests::get);

    assertTrue(shown(some) > 5);
  }

  /// `-Dsoundness.part=3/20` takes the third of twenty parts.
  @Test
  @Tag("slow")
  void allSchedulesShowTheSameAgain() throws Exception {
    var part = LIBRARY.partOfTests();
    int shown = shown(part.stream());
    System.out.println(
        "the schedules of " + shown + " counterexamples of " + part.size() + " tests");

    assertTrue(shown > part.size() / 2);
  }

  /// @return how many counterexamples
  private static int shown(Stream<Path> tests) throws Exception {
    int shown = 0;
    for (var test : tests.toList()) {
      var name = LIBRARY.name(test);
      var parsed = (ParseResult.Parsed) Litmus.parse(name, Files.readAllBytes(test));
      for (var planned : plan(parsed, name, CheckRequest.DEFAULT)) {
        var result = planned.run();
        if (result.counterexample().isPresent()) {
          mustShowAgain(parsed, name, result, result.counterexample().get());
          shown++;
        }
      }
    }
    return shown;
  }

  private static List<String> oracles(TestResult result) {
    return result.violations().stream().map(Violated::oracle).toList();
  }

  private static List<Planned> plan(
      ParseResult.Parsed parsed, String name, CheckRequest request) throws Exception {
    return ((Plan.Runs) Checker.plan(parsed, name, request)).runs();
  }

  private static void mustShowAgain(
      ParseResult.Parsed parsed, String name, TestResult found, Execution shown)
      throws Exception {
    var where = name + " " + found.kernel() + " " + found.machine();
    var request =
        CheckRequest.DEFAULT
            .withKernels(List.of(found.kernel()))
            .withMachines(List.of(found.machine()))
            .withSchedule(shown.schedule());
    var again = plan(parsed, name, request).getFirst().run();
    assertEquals(shown.steps(), again.counterexample().orElseThrow().steps(), where);
    boolean goesOnForEver = shown.cycleStart().isPresent();
    if (found.violations().isEmpty()) {
      assertTrue(again.endings().getFirst().satisfies(), where);
    } else if (!goesOnForEver) {
      // the words may be another's: a run may lose two writes, of which each result names one
      assertTrue(
          oracles(again).contains(found.violations().getFirst().oracle()),
          () -> where + ": " + again.violations());
    }
  }
}
