package shootdown.model.bisect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.kernel.Timeline;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.Release;
import shootdown.litmus.ParseResult;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Observation;
import shootdown.model.Plan;
import shootdown.model.TestResult;
import shootdown.model.Violated;

/// Runs a test on each release at which the modelled kernel changes, and on those that differ from
/// the one before, without each of their fixes: which of them makes the difference.
///
/// What a test shows may come and go more than once, so no release is skipped.
public final class Bisection {
  private final ParseResult.Parsed test;
  private final String file;
  private final String machine;
  private final CheckRequest bounds;
  private final Map<String, String> verdicts = new HashMap<>();

  /// From a release on.
  ///
  /// @param from the release
  /// @param verdict what the test shows: `Sometimes, lost write`; it begins with `Unknown` where
  ///     that is not decided
  /// @param fixes each of which makes the difference alone; empty for the first release
  /// @param together whether they do so only with each other
  public record Era(String from, String verdict, List<Fix> fixes, boolean together) {
    public boolean isDecided() {
      return !verdict.startsWith(Observation.UNKNOWN.label());
    }
  }

  private Bisection(
      ParseResult.Parsed test, String file, String machine, CheckRequest bounds) {
    this.test = test;
    this.file = file;
    this.machine = machine;
    this.bounds = bounds;
  }

  /// The eras of a test, oldest first.
  ///
  /// @param bounds of each run; its kernels and machines do not count
  /// @throws BadRequest if the machine does not exist, or the model cannot run the test
  public static List<Era> of(
      ParseResult.Parsed test, String file, String machine, CheckRequest bounds)
      throws BadRequest {
    return new Bisection(test, file, machine, bounds).eras();
  }

  /// The releases at which the kernel changes, and the oldest.
  static List<Release> releases() {
    var releases = new TreeSet<Release>();
    releases.add(Release.finals().getFirst());
    fixes().forEach(fix -> fix.release().ifPresent(releases::add));
    return List.copyOf(releases);
  }

  private static Stream<Fix> fixes() {
    return Timeline.all().stream().flatMap(history -> history.fixes().stream());
  }

  private List<Era> eras() throws BadRequest {
    var eras = new ArrayList<Era>();
    for (var release : releases()) {
      var now = verdict(release.toString());
      if (eras.isEmpty()) {
        eras.add(new Era(release.toString(), now, List.of(), false));
      } else if (!eras.getLast().verdict().equals(now)) {
        eras.add(era(release, eras.getLast().verdict(), now));
      }
    }
    return eras;
  }

  private Era era(Release release, String before, String now) throws BadRequest {
    var candidates = fixes().filter(f -> f.release().filter(release::equals).isPresent()).toList();
    var alone = new ArrayList<Fix>();
    for (var fix : candidates) {
      if (verdict(release + "-" + fix.id()).equals(before)) {
        alone.add(fix);
      }
    }
    return alone.isEmpty()
        ? new Era(release.toString(), now, candidates, true)
        : new Era(release.toString(), now, alone, false);
  }

  private String verdict(String kernel) throws BadRequest {
    var known = verdicts.get(kernel);
    if (known == null) {
      known = run(kernel);
      verdicts.put(kernel, known);
    }
    return known;
  }

  private String run(String kernel) throws BadRequest {
    var request = bounds.withKernels(List.of(kernel)).withMachines(List.of(machine));
    return switch (Checker.plan(test, file, request)) {
      case Plan.Runs(var runs) -> verdict(runs.getFirst().explore());
      case Plan.Refused(var diagnostics) ->
          throw new BadRequest(diagnostics.getFirst().render(file));
    };
  }

  private static String verdict(TestResult result) {
    var oracles = result.violations().stream().map(Violated::oracle).toList();
    if (!result.isComplete() && result.observation().isEmpty() && oracles.isEmpty()) {
      return Observation.UNKNOWN.label();
    }
    var all =
        Stream.concat(result.observation().map(Observation::label).stream(), oracles.stream())
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "Clean" : all;
  }
}
