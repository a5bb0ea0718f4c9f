package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.check.Reductions;
import shootdown.kernel.Timeline;
import shootdown.kernel.history.KernelSpec;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.machine.Machine;
import shootdown.machine.MachineProfile;
import shootdown.machine.Profiles;
import shootdown.sched.Mutation;
import shootdown.sched.Program;

/// Litmus tests that nobody wrote: today's kernel does nothing wrong on any of them, on no machine.
/// What it does wrong is a bug of the model, of its oracles, or a discovery.
class RandomLitmusTest {
  /// Today's kernel without the race of `litmus/reclaim/shrink+writeback.litmus`, which is open.
  private static final String UNBATCHED = "latest-72b252aed506-43b3dfdd0455-54d7431af73e";

  private static final long FEW = 28;
  private static final long MANY = 4_000;

  static LongStream few() {
    return LongStream.range(0, FEW);
  }

  static LongStream many() {
    return LongStream.range(0, MANY);
  }

  @ParameterizedTest
  @MethodSource("few")
  void todaysKernelDoesNothingWrong(long seed) throws Exception {
    mustBeClean(seed, 20_000);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("many")
  void todaysKernelDoesNothingWrongOnMany(long seed) throws Exception {
    mustBeClean(seed, 300_000);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("many")
  void whatIsLeftOutMakesNoDifference(long seed) throws Exception {
    mustAgree(seed, 300_000);
  }

  @ParameterizedTest
  @MethodSource("few")
  void whatIsLeftOutMakesNoDifferenceInFew(long seed) throws Exception {
    mustAgree(seed, 20_000);
  }

  @ParameterizedTest
  @MethodSource("few")
  void whoIsAloneHasOneEnd(long seed) throws Exception {
    var text = RandomLitmus.sequential(seed);
    var result = search(text, machine(seed), "latest", Options.DEFAULT);
    assertTrue(result.isComplete());
    assertEquals(1, result.outcomes().size(), () -> result.outcomes().keySet() + "\n" + text);
    assertEquals(List.of(), result.violations(), () -> text);
  }

  @Test
  void equalSeedsGiveEqualTests() {
    assertEquals(RandomLitmus.of(7), RandomLitmus.of(7));
    var texts = LongStream.range(0, 100).mapToObj(RandomLitmus::of).collect(Collectors.toSet());
    assertEquals(100, texts.size());
  }

  /// A search that is given up counts as far as it went.
  private static void mustBeClean(long seed, long states) throws Exception {
    var machine = machine(seed);
    var options = Options.DEFAULT.withMaxStates(states);
    var found = search(seed, "latest", options).violations();
    if (!found.isEmpty() && !search(seed, UNBATCHED, options).violations().isEmpty()) {
      fail(
          found.getFirst().violation().orElseThrow() + " on " + machine.name() + " in\n"
              + RandomLitmus.of(seed) + found.getFirst().counterexample().trace());
    }
  }

  /// On old kernels, where there is something to find.
  private static void mustAgree(long seed, long states) throws Exception {
    var options = Options.DEFAULT.withMaxStates(states);
    var plain = search(seed, "v4.8", options.withReductions(Reductions.NONE));
    if (!plain.isComplete() || properties(plain).contains(Machine.LIMIT)) {
      return;
    }
    var reduced = search(seed, "v4.8", options);
    assertTrue(reduced.isComplete(), () -> RandomLitmus.of(seed));
    assertEquals(
        plain.outcomes().keySet(), reduced.outcomes().keySet(), () -> RandomLitmus.of(seed));
    assertEquals(properties(plain), properties(reduced), () -> RandomLitmus.of(seed));
  }

  private static Set<String> properties(CheckResult result) {
    return result.violations().stream()
        .map(f -> f.violation().orElseThrow().property())
        .collect(Collectors.toSet());
  }

  private static CheckResult search(long seed, String kernel, Options options) throws Exception {
    return search(RandomLitmus.of(seed), machine(seed), kernel, options);
  }

  private static CheckResult search(
      String text, MachineProfile machine, String kernel, Options options) throws Exception {
    var test = test(text);
    var spec = KernelSpec.parse(kernel, Timeline.all());
    Supplier<Program> programs =
        () -> LitmusProgram.of(test, spec, machine, Mutation.NONE).program();
    return Check.run(programs, options);
  }

  private static LitmusTest test(String text) {
    return switch (Litmus.parse("<random>", text)) {
      case ParseResult.Parsed(var test, _) -> test;
      case ParseResult.Rejected rejected -> fail(rejected.render());
    };
  }

  private static MachineProfile machine(long seed) {
    List<MachineProfile> all = Profiles.all();
    return all.get((int) (seed % all.size()));
  }
}
