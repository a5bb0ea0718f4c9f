package shootdown.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import shootdown.check.Coverage;

/// What checking one test on one kernel and one machine gave.
///
/// @param test its name
/// @param file path as the user gave it
/// @param kernel the kernel's spec, e.g. `v4.9-rc5`
/// @param machine the machine profile's name
/// @param observation how the condition turned out; empty without a condition
/// @param condition the condition as herd7 prints it; empty without one
/// @param violations which oracles were violated, each oracle once, in the order of
///     [shootdown.litmus.Oracle]
/// @param expected what the test states for this kernel and machine, as in its file; empty if
///     nothing
/// @param asExpected whether that is what came out; empty if nothing was stated or it is not
///     decided
/// @param incomplete why not all was explored; empty if all was
/// @param endings all ways in which the test ends, sorted by text
/// @param effort states, transitions and so on
/// @param counterexample an execution worth showing: of the first violated oracle, or one that
///     satisfies the condition; empty where it was not asked for, too
public record TestResult(
    String test,
    String file,
    String kernel,
    String machine,
    Optional<Observation> observation,
    Optional<String> condition,
    List<Violated> violations,
    Optional<String> expected,
    Optional<Boolean> asExpected,
    Optional<String> incomplete,
    List<Ending> endings,
    Effort effort,
    Optional<Execution> counterexample) {

  /// What [#incomplete] says of a replay.
  public static final String REPLAYED = "only one interleaving was replayed";

  /// Whether this is of one interleaving alone: it is compared with nothing.
  public boolean isReplay() {
    return incomplete.filter(REPLAYED::equals).isPresent();
  }

  /// What it took.
  ///
  /// @param seconds CPU seconds of the search
  /// @param collisionProbability that a state was missed for a fingerprint met before
  /// @param coverage what was searched, if the search was not meant to be exhaustive
  public record Effort(
      long states,
      long transitions,
      double seconds,
      double collisionProbability,
      Optional<Coverage> coverage) {
    /// Of an exhaustive search.
    public Effort(
        long states, long transitions, double seconds, double collisionProbability) {
      this(states, transitions, seconds, collisionProbability, Optional.empty());
    }
  }

  public boolean isComplete() {
    return incomplete.isEmpty();
  }

  /// Whether there is an execution worth showing, be it made or not.
  public boolean hasCounterexample() {
    return !violations.isEmpty() || endings.stream().anyMatch(Ending::satisfies);
  }

  /// The same, with an execution that shows it.
  TestResult shownBy(Execution execution) {
    return new TestResult(
        test,
        file,
        kernel,
        machine,
        observation,
        condition,
        violations,
        expected,
        asExpected,
        incomplete,
        endings,
        effort,
        Optional.of(execution));
  }

  /// An execution to draw.
  ///
  /// @param columns one for each task that takes part, in order
  /// @param steps what happens, in order
  /// @param verdict what went wrong, or what the execution shows: one sentence; `{n}` in it stands
  ///     for the number of the step with index n as it is printed
  /// @param schedule what `--schedule` replays
  /// @param cycleStart index of the first step of the part that repeats for ever, for a livelock
  public record Execution(
      List<Column> columns,
      List<ExecutionStep> steps,
      String verdict,
      String schedule,
      OptionalInt cycleStart) {}

  /// A column of the diagram.
  ///
  /// @param task the thread's name: `P0`, `K1`, `store buffer 0`
  /// @param cpu where it runs
  public record Column(String task, int cpu) {}

  /// One thing that a reader sees.
  ///
  /// @param column index into [Execution#columns]
  /// @param depth 0 for a statement of the test, 1 for a kernel function that it calls, and so on
  /// @param kind what sort of line
  /// @param text the line, not wrapped
  public record ExecutionStep(int column, int depth, Kind kind, String text) {}

  /// Sorts of lines.
  public enum Kind {
    /// a statement of the test begins
    STATEMENT,
    /// a kernel function is entered
    FUNCTION,
    /// a PTE, TLB entry, page flag or word changes, or an access is done
    EFFECT,
    /// the task could not go on until now, or some other remark
    REMARK,
    /// an oracle is violated
    VIOLATION
  }
}
