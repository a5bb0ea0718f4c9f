package shootdown.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Plan;
import shootdown.model.Planned;
import shootdown.model.Violated;

/// The oracles find the seeds' bugs without being told what to look for: a test whose condition is
/// deleted, and whose `Result:` lines are, too, violates what it violated before.
class WithoutConditionTest {
  private static final Pattern CONDITION = Pattern.compile("(?m)^(~?exists|forall)\\b[^{}]*\\z");

  @TestFactory
  Stream<DynamicTest> theOraclesNeedNoCondition() {
    return Library.find().tests().stream()
        .filter(test -> test.getParent().endsWith("seeds"))
        .map(test -> dynamicTest(test.getFileName().toString(), () -> check(test)));
  }

  private static void check(Path test) throws Exception {
    var name = test.getFileName().toString();
    var text = Files.readString(test);
    var stated = plan(name, text, CheckRequest.DEFAULT);
    var bare = CONDITION.matcher(text.replace("Result:", "Was:")).replaceFirst("");
    for (var run : stated) {
      var request =
          CheckRequest.DEFAULT
              .withKernels(List.of(run.kernel()))
              .withMachines(List.of(run.machine()));
      assertEquals(
          oracles(run),
          oracles(plan(name, bare, request).getFirst()),
          run.kernel() + " " + run.machine());
    }
  }

  private static List<String> oracles(Planned run) {
    return run.run().violations().stream().map(Violated::oracle).toList();
  }

  private static List<Planned> plan(String name, String text, CheckRequest request)
      throws Exception {
    return switch (Litmus.parse(name, text)) {
      case ParseResult.Parsed parsed ->
          switch (Checker.plan(parsed, name, request)) {
            case Plan.Runs(var runs) -> runs;
            case Plan.Refused refused -> throw new AssertionError(refused.toString());
          };
      case ParseResult.Rejected rejected -> throw new AssertionError(rejected.render());
    };
  }
}
