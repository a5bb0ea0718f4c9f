package shootdown.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.check.Reduction;
import shootdown.check.Reductions;
import shootdown.examples.lock.Peterson;
import shootdown.examples.lock.SpinLock;
import shootdown.examples.lock.TicketLock;
import shootdown.examples.philosophers.Philosophers;
import shootdown.examples.philosophers.Philosophers.Manners;
import shootdown.sched.Program;

/// The examples whose tasks are alike have fewer states up to their names, and the same verdicts.
class AlikeTest {
  @Test
  void statesAreFewerUpToNames() {
    has(458, 230, () -> Peterson.program(3, Peterson.Mistake.NONE));
    has(272, 21, () -> SpinLock.program(5, SpinLock.Taking.TEST_AND_SET));
    has(2_845, 219, () -> SpinLock.program(4, SpinLock.Taking.TEST_THEN_SET));
    has(6_513, 351, () -> TicketLock.program(4, 2, TicketLock.Drawing.FETCH_AND_ADD));
    has(28_325, 5_669, () -> Philosophers.program(5, 2, Manners.LEFT_FIRST));
  }

  private static void has(long states, long upToNames, Supplier<Program> programs) {
    var plain = check(programs, Reductions.NONE);
    var symmetric = check(programs, Reductions.of(Reduction.SYMMETRY));
    assertEquals(found(plain), found(symmetric));
    assertEquals(states, plain.effort().states());
    assertEquals(upToNames, symmetric.effort().states());
  }

  private static CheckResult check(Supplier<Program> programs, Reductions reductions) {
    return Check.run(
        programs, Options.DEFAULT.withReductions(reductions).withGraphStates(0));
  }

  private static Set<String> found(CheckResult result) {
    var found =
        result.violations().stream().map(f -> f.toString()).collect(Collectors.toSet());
    found.addAll(result.outcomes().keySet());
    return found;
  }
}
