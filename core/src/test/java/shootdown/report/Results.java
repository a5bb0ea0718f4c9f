package shootdown.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shootdown.model.Ending;
import shootdown.model.Observation;
import shootdown.model.TestResult;
import shootdown.model.TestResult.Effort;
import shootdown.model.TestResult.Execution;
import shootdown.model.Violated;

/// Results by hand, each a small change of another.
final class Results {
  private static final String CONDITION = "exists (0:sig=0 /\\ 0:r1=1)";

  private Results() {}

  static TestResult lostWrite() {
    return new TestResult(
        "mremap+mkclean",
        "litmus/seeds/mremap+mkclean.litmus",
        "v4.9-rc5",
        "x86-64",
        Optional.of(Observation.SOMETIMES),
        Optional.of(CONDITION),
        List.of(new Violated("lost write", "what was stored is not what is read")),
        Optional.of("Sometimes, lost write"),
        Optional.of(true),
        Optional.empty(),
        List.of(
            new Ending("0:r1=1; 0:sig=0;", true),
            new Ending("0:r1=2; 0:sig=0;", false),
            new Ending("0:r1=0; 0:sig=SIGSEGV;", false)),
        new Effort(12_345, 34_567, 0.24, 3.0e-12),
        Optional.of(Executions.lostWrite()));
  }

  static TestResult fixed() {
    return ended(expecting("v4.9-rc6", "Never", true), Observation.NEVER, false, false);
  }

  /// The same, and the test is wrong about it.
  static TestResult differing() {
    return expecting("v4.9-rc5", "Never", false);
  }

  static TestResult undecided() {
    var r = ended(lostWrite(), Observation.UNKNOWN, false, false);
    return new TestResult(
        r.test(), r.file(), "latest", "arm64-swad", r.observation(), r.condition(), List.of(),
        Optional.of("Never"), Optional.empty(),
        Optional.of("1,000,000 states were visited, which is the bound"), r.endings(),
        new Effort(1_000_000, 2_000_000, 20.06, 1e-8), Optional.empty());
  }

  /// Of a test without a condition and without a `Result:` line.
  static TestResult nothingStated() {
    var r = ended(lostWrite(), Observation.NEVER, false);
    return new TestResult(
        "futex", "my tests/futex.litmus", r.kernel(), r.machine(), Optional.empty(),
        Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(),
        List.of(new Ending("0:r0=0;", false)), new Effort(1, 0, 0, 0), Optional.empty());
  }

  static TestResult livelock() {
    var r = nothingStated();
    return new TestResult(
        r.test(), r.file(), "v2.6.39", "ppc44x", r.observation(), r.condition(),
        List.of(new Violated("livelock", "futex() never returns")), Optional.empty(),
        Optional.empty(), Optional.empty(), List.of(), r.effort(),
        Optional.of(Executions.livelock()));
  }

  static List<TestResult> all() {
    return List.of(
        lostWrite(), fixed(), differing(), undecided(), nothingStated(), livelock());
  }

  /// With another condition, and one ending for each truth value of its proposition.
  static TestResult claiming(String condition, Observation observation, Boolean... satisfies) {
    var r = lostWrite();
    return ended(
        new TestResult(
            r.test(), r.file(), r.kernel(), r.machine(), r.observation(),
            Optional.of(condition), List.of(), Optional.empty(), Optional.empty(),
            r.incomplete(), r.endings(), r.effort(), Optional.empty()),
        observation, satisfies);
  }

  static TestResult shown(Execution execution) {
    var r = lostWrite();
    return new TestResult(
        r.test(), r.file(), r.kernel(), r.machine(), r.observation(), r.condition(),
        r.violations(), r.expected(), r.asExpected(), r.incomplete(), r.endings(), r.effort(),
        Optional.of(execution));
  }

  private static TestResult expecting(String kernel, String expected, boolean met) {
    var r = lostWrite();
    return new TestResult(
        r.test(), r.file(), kernel, r.machine(), r.observation(), r.condition(), r.violations(),
        Optional.of(expected), Optional.of(met), r.incomplete(), r.endings(), r.effort(),
        r.counterexample());
  }

  private static TestResult ended(
      TestResult r, Observation observation, Boolean... satisfies) {
    var endings =
        IntStream.range(0, satisfies.length)
            .mapToObj(i -> new Ending("0:r1=" + i + ";", satisfies[i]))
            .toList();
    return new TestResult(
        r.test(), r.file(), r.kernel(), r.machine(), Optional.of(observation), r.condition(),
        List.of(), r.expected(), r.asExpected(), r.incomplete(), endings, r.effort(),
        Optional.empty());
  }
}
