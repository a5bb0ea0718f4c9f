package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shootdown.check.Options;
import shootdown.check.UnfitCheckpoint;
import shootdown.model.Observation;
import shootdown.model.TestResult;

/// What `--checkpoint` does with runs that end in some way.
class KeptRunsTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeTests() throws IOException {
    for (String name : List.of("a", "b")) {
      Files.writeString(
          folder.resolve(name + ".litmus"), "MM " + name + "\n\n{ }\n\nP0() { r0 = 1; }\n");
    }
  }

  @Test
  void aFileThatIsRefusedIsNamed() {
    Path own = file("kept.2");
    var program =
        new Program()
            .checks(
                job -> {
                  if (job.test().name().equals("b")) {
                    throw new UnfitCheckpoint(own, "is damaged");
                  }
                  return Program.result(job, Observation.NEVER, "Never");
                });

    assertEquals(ExitCode.BAD_INPUT.code(), run(program));
    assertTrue(
        program
            .err()
            .endsWith(
                "1 of 2 runs are finished; the same command goes on with the rest once "
                    + own + " is gone or put right\n"),
        program.err());
    assertEquals(ExitCode.AS_STATED.code(), run(new Program()));
    assertFalse(Files.exists(file("kept")));
  }

  /// A search that was interrupted, or had no memory, is not what the next process should take for
  /// the result.
  @Test
  void whatEndsTooEarlyIsDoneAgain() {
    for (String why :
        List.of(
            Options.Bounds.INTERRUPTED,
            Options.Bounds.MEMORY + "after 3 states",
            Options.Bounds.REACHED + "3 states")) {
      var program =
          new Program()
              .checks(
                  job -> {
                    var result = Program.result(job, Observation.NEVER, "Never");
                    return job.test().name().equals("b") ? incomplete(result, why) : result;
                  });

      assertEquals(ExitCode.UNDECIDED.code(), run(program));
      assertTrue(program.err().contains("1 of 2 runs are finished; the same command"), why);
      assertEquals(ExitCode.AS_STATED.code(), run(new Program()));
    }
  }

  /// A disk that takes nothing more is told of, and no bug of ours.
  @Test
  void whatCannotBeWrittenAtTheEndIsTold() {
    var program =
        new Program()
            .checks(
                job -> {
                  assertTrue(file("kept").toFile().delete() || !Files.exists(file("kept")));
                  assertTrue(file("kept.new").toFile().mkdirs() || Files.exists(file("kept.new")));
                  var result = Program.result(job, Observation.NEVER, "Never");
                  return incomplete(result, Options.Bounds.REACHED + "3 states");
                });

    assertEquals(ExitCode.UNDECIDED.code(), run(program));
    assertTrue(program.err().contains("could not be written"), program.err());
  }

  private static TestResult incomplete(TestResult result, String why) {
    return new TestResult(
        result.test(),
        result.file(),
        result.kernel(),
        result.machine(),
        Optional.of(Observation.UNKNOWN),
        result.condition(),
        result.violations(),
        result.expected(),
        Optional.empty(),
        Optional.of(why),
        result.endings(),
        result.effort(),
        result.counterexample());
  }

  private int run(Program program) {
    return program.run("check", "-j", "1", "--checkpoint", "" + file("kept"), "" + folder);
  }

  private Path file(String name) {
    return folder.resolve(name);
  }
}
