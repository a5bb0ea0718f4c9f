package shootdown.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Plan;
import shootdown.model.TestResult;

/// Every litmus test of the repository gives what its `Result:` lines state and what the file
/// beside it holds.
///
/// `./shootdown test -pl core -am -Dtest=LibraryTest -Dgolden.update=true` writes the files anew;
/// continuous integration, where the environment has `CI`, refuses to.
class LibraryTest {
  /// Far more than any test of the library needs: a search that does not end fails.
  private static final long MOST_STATES = 5_000_000;

  private static final Library LIBRARY = Library.find();

  @TestFactory
  Stream<DynamicTest> everyTestGivesWhatIsExpected() {
    return LIBRARY.tests().stream()
        .map(test -> dynamicTest(LIBRARY.name(test), test.toUri(), () -> check(test)));
  }

  @Test
  void noTestIsLost() throws IOException {
    if (updates()) {
      Files.writeString(LIBRARY.count(), LIBRARY.counted());
    }
    assertEquals(Files.readString(LIBRARY.count()), LIBRARY.counted());
  }

  @Test
  void everyExpectedFileHasItsTest() {
    var tests = LIBRARY.tests().stream().map(Library::expectedOf).toList();
    var orphans = new ArrayList<>(LIBRARY.expected());
    orphans.removeAll(tests);
    assertEquals(List.of(), orphans);
  }

  @Test
  void theComparisonSeesADifference() {
    var golden = "latest x86-64: Never\n  0:r1=1;\n  states 100\n";
    assertEquals(Optional.empty(), Expected.difference(golden, golden.replace("100", "149")));
    assertEquals(Optional.empty(), Expected.difference(golden, golden.replace("100", "67")));
    assertTrue(Expected.difference(golden, golden.replace("100", "151")).isPresent());
    assertTrue(Expected.difference(golden, golden.replace("100", "66")).isPresent());
    assertTrue(Expected.difference(golden, golden.replace("r1=1", "r1=2")).isPresent());
    assertTrue(Expected.difference(golden, golden.replace("Never", "Always")).isPresent());
  }

  private static void check(Path test) throws Exception {
    var name = LIBRARY.name(test);
    var results = run(test, name);
    var wrong = results.stream().filter(r -> !isFine(r)).map(LibraryTest::describe).toList();
    assertEquals("", String.join("\n", wrong), name);

    var golden = Library.expectedOf(test);
    var actual = Expected.text(results, name.startsWith("litmus/seeds/"));
    boolean exists = Files.exists(golden);
    var difference =
        exists
            ? Expected.difference(Files.readString(golden), actual)
            : Optional.of("there is no " + LIBRARY.name(golden));
    if (difference.isPresent() && updates()) {
      Files.writeString(golden, actual);
    } else if (difference.isPresent()) {
      assertEquals(exists ? Files.readString(golden) : "", actual, difference.get());
    }
  }

  private static List<TestResult> run(Path test, String name) throws Exception {
    ParseResult.Parsed parsed =
        switch (Litmus.parse(name, Files.readAllBytes(test))) {
          case ParseResult.Parsed ok -> ok;
          case ParseResult.Rejected rejected -> throw new AssertionError(rejected.render());
        };
    if (parsed.test().header().results().isEmpty()) {
      fail(name + " has no Result: line");
    }
    return switch (Checker.plan(parsed, name, CheckRequest.DEFAULT.withMaxStates(MOST_STATES))) {
      case Plan.Runs(var runs) -> runs.stream().map(planned -> planned.run()).toList();
      case Plan.Refused(var diagnostics) ->
          throw new AssertionError(
              diagnostics.stream().map(d -> d.render(name)).collect(Collectors.joining("\n")));
    };
  }

  private static boolean isFine(TestResult result) {
    return result.asExpected().orElse(false);
  }

  private static String describe(TestResult result) {
    return result.kernel() + " " + result.machine()
        + ": states " + result.expected().orElse("nothing")
        + ", found " + result.observation().map(o -> o.label()).orElse("")
        + " " + result.violations()
        + result.incomplete().map(why -> ", not decided: " + why).orElse("");
  }

  private static boolean updates() {
    if (!Boolean.getBoolean("golden.update")) {
      return false;
    }
    if (System.getenv("CI") != null) {
      throw new AssertionError("continuous integration does not rewrite what is expected");
    }
    return true;
  }
}
