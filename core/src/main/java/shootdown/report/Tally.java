package shootdown.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import shootdown.model.TestResult;

/// The numbers of all results so far.
public final class Tally {
  private final Set<String> tests = new HashSet<>();
  private final int[] standings = new int[Standing.values().length];
  private int runs;
  private long states;

  /// Counts one more.
  public void add(TestResult result) {
    tests.add(result.file() + " " + result.test());
    standings[Standing.of(result).ordinal()]++;
    runs++;
    states += result.effort().states();
  }

  /// How many results stand so.
  public int count(Standing standing) {
    return standings[standing.ordinal()];
  }

  /// One line: how many tests and runs, how they stand, states, time.
  ///
  /// @param seconds on the clock
  String text(double seconds) {
    return "%s, %s: %s; %s, %s"
        .formatted(
            Numbers.count(tests.size(), "test"),
            Numbers.count(runs, "run"),
            String.join(", ", parts()),
            Numbers.count(states, "state"),
            Numbers.seconds(seconds));
  }

  private List<String> parts() {
    int stated = count(Standing.AS_STATED) + count(Standing.DIFFERS) + count(Standing.UNDECIDED);
    var parts = new ArrayList<String>();
    if (stated > 0 || runs == 0) {
      parts.add(count(Standing.AS_STATED) + " as expected");
    }
    if (count(Standing.NOTHING_WRONG) > 0) {
      parts.add(count(Standing.NOTHING_WRONG) + " with nothing expected and nothing wrong");
    }
    parts.add(count(Standing.DIFFERS) + " differing");
    parts.add(count(Standing.UNDECIDED) + " undecided");
    return parts;
  }
}
