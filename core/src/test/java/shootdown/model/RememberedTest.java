package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.check.Remembered;
import shootdown.kernel.Timeline;
import shootdown.kernel.history.KernelSpec;
import shootdown.library.Library;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.machine.Profiles;
import shootdown.sched.Mutation;
import shootdown.sched.Program;

/// The kernel's functions forget what no longer matters: a test has less than one and a half times
/// as many states as it would have if everything of that kind were forgotten.
class RememberedTest {
  private static final double MOST = 1.5;
  private static final Library LIBRARY = Library.find();

  @Test
  void theSeedsRememberLittle() throws Exception {
    var seeds =
        LIBRARY.tests().stream()
            .filter(test -> LIBRARY.name(test).startsWith("litmus/seeds/"));
    assertTrue(mustForget(seeds, 5_000) > 20);
  }

  /// `-Dsoundness.part=3/20` takes the third of twenty parts.
  @Test
  @Tag("slow")
  void theLibraryRemembersLittle() throws Exception {
    var part = LIBRARY.partOfTests();
    int measured = mustForget(part.stream(), 20_000);
    System.out.println(measured + " runs of " + part.size() + " tests remember little");

    assertTrue(measured > part.size() / 4);
  }

  /// How many runs were small enough.
  private static int mustForget(Stream<Path> tests, long states) throws Exception {
    int measured = 0;
    var wrong = new ArrayList<String>();
    for (var test : tests.toList()) {
      String name = LIBRARY.name(test);
      var parsed = (ParseResult.Parsed) Litmus.parse(name, Files.readAllBytes(test));
      var plan = (Plan.Runs) Checker.plan(parsed, name, CheckRequest.DEFAULT);
      for (var run : plan.runs()) {
        var kernel = KernelSpec.parse(run.kernel(), Timeline.all());
        var machine = Profiles.find(run.machine()).orElseThrow();
        measured +=
            measure(
                    name + " " + run.kernel() + " " + run.machine(),
                    () ->
                        LitmusProgram.of(parsed.test(), kernel, machine, Mutation.NONE)
                            .program(),
                    states,
                    wrong)
                ? 1
                : 0;
      }
    }
    assertEquals("", String.join("\n", wrong));
    return measured;
  }

  private static boolean measure(
      String what, Supplier<Program> programs, long states, List<String> wrong) {
    var options = Options.DEFAULT.withMaxStates(states).withGraphStates(0);
    var result = Check.run(programs, options.withMerging(Options.Merging.BISIMILAR));
    if (!result.isComplete()) {
      return false;
    }
    double ratio = (double) result.effort().unmergedStates() / result.effort().states();
    if (ratio >= MOST) {
      wrong.add(what + ": " + ratio + " times as many states as needed; a scope is missing at"
          + first(Remembered.of(programs, options)));
    }
    return true;
  }

  private static String first(List<Remembered.Thing> things) {
    return things.stream()
        .limit(5)
        .map(thing -> "\n  " + thing.positions() + " positions: " + thing.what())
        .collect(Collectors.joining());
  }
}
