package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.check.Reductions;
import shootdown.kernel.Timeline;
import shootdown.kernel.history.KernelSpec;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.machine.Profiles;
import shootdown.sched.Mutation;

/// Each mutant of small seeds shows the same with all reductions and with none. A reduction may be
/// unsound and every healthy kernel look right: there, locks keep apart what it should not merge.
class MutantReductionTest {
  /// Far more than any of them has without a reduction.
  private static final long MOST_STATES = 3_000_000;

  /// What a check shows.
  private record Shown(Set<String> endings, Set<String> violated) {
    static Shown of(CheckResult result) {
      return new Shown(
          new TreeSet<>(result.outcomes().keySet()),
          result.violations().stream()
              .map(f -> f.violation().orElseThrow().property())
              .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> everyMutantOfTheSmallestSeeds() {
    return Stream.of("futex+fork", "futex+lazy-flush", "mremap+mkclean")
        .flatMap(MutantReductionTest::mutants);
  }

  private static Stream<DynamicTest> mutants(String seed) {
    var test = read(seed);
    var sites = Mutation.recording();
    check(test, sites, Reductions.ALL);
    assertTrue(sites.met().size() > 10, () -> sites.met().toString());
    return sites.met().keySet().stream()
        .map(site -> dynamicTest(seed + " " + site, () -> compare(test, site)));
  }

  private static void compare(LitmusTest test, String site) {
    var reduced = check(test, Mutation.off(site), Reductions.ALL);
    var plain = check(test, Mutation.off(site), Reductions.NONE);
    assertEquals(Shown.of(plain), Shown.of(reduced));
  }

  private static CheckResult check(LitmusTest test, Mutation mutation, Reductions reductions) {
    var result =
        Check.run(
            () -> program(test, mutation).program(),
            Options.DEFAULT.withReductions(reductions).withMaxStates(MOST_STATES));
    assertTrue(result.isComplete(), () -> result.incomplete().orElseThrow());
    return result;
  }

  private static LitmusProgram program(LitmusTest test, Mutation mutation) {
    try {
      return LitmusProgram.of(
          test,
          KernelSpec.parse("latest", Timeline.all()),
          Profiles.find("x86-64").orElseThrow(),
          mutation);
    } catch (KernelSpec.SpecException e) {
      throw new AssertionError(e);
    }
  }

  private static LitmusTest read(String seed) {
    var file = root().resolve("litmus/seeds/" + seed + ".litmus");
    try {
      return switch (Litmus.parse(seed + ".litmus", Files.readAllBytes(file))) {
        case ParseResult.Parsed parsed -> parsed.test();
        case ParseResult.Rejected rejected -> throw new AssertionError(rejected.render());
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The repository that the tests run in.
  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("litmus"))) {
      at = at.getParent();
    }
    return at;
  }
}
