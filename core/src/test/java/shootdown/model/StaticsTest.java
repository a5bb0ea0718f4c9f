package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import shootdown.check.SharedStatics;
import shootdown.kernel.Timeline;
import shootdown.kernel.history.KernelSpec;
import shootdown.library.Library;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.machine.Profiles;
import shootdown.sched.Mutation;

/// Nothing of the kernel, the machine or the litmus threads shares static fields. Checks of litmus
/// tests do not look for them each time ([Planned]): from any task, all of the kernel is in reach.
class StaticsTest {
  private static final Library LIBRARY = Library.find();

  @Test
  void theKernelSharesNoStaticFields() throws Exception {
    var tests = LIBRARY.tests();
    int looked = 0;
    for (int i = 0; i < tests.size(); i += 50) {
      String name = LIBRARY.name(tests.get(i));
      var parsed = (ParseResult.Parsed) Litmus.parse(name, Files.readAllBytes(tests.get(i)));
      var plan = (Plan.Runs) Checker.plan(parsed, name, CheckRequest.DEFAULT);
      var run = plan.runs().getFirst();
      var kernel = KernelSpec.parse(run.kernel(), Timeline.all());
      var machine = Profiles.find(run.machine()).orElseThrow();
      assertEquals(
          List.of(),
          SharedStatics.of(
              () ->
                  LitmusProgram.of(parsed.test(), kernel, machine, Mutation.NONE).program()),
          name);
      looked++;
    }
    assertTrue(looked > 10);
  }
}
