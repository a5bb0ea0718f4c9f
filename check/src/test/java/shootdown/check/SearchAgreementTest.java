package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.check.generated.GeneratedProgram;
import shootdown.check.generated.Generator;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// On generated programs, searches that do not cover all find nothing that is not there, and
/// bounded preemptions find just what the whole graph of plain steps shows with so many.
class SearchAgreementTest {
  private static final int MAX_STATES = 20_000;

  @Test
  void boundedPreemptionsFindWhatTheGraphShows() {
    LongStream.range(0, 150).forEach(SearchAgreementTest::boundedAgrees);
  }

  @Test
  void sampledRunsFindNothingThatIsNotThere() {
    LongStream.range(0, 100).forEach(SearchAgreementTest::sampledAgrees);
  }

  @Test
  @Tag("slow")
  void boundedPreemptionsOftenFindWhatTheGraphShows() {
    LongStream.range(0, 3_000).forEach(SearchAgreementTest::boundedAgrees);
  }

  @Test
  @Tag("slow")
  void manySampledRunsFindNothingThatIsNotThere() {
    LongStream.range(0, 1_000).forEach(SearchAgreementTest::sampledAgrees);
  }

  private static void boundedAgrees(long seed) {
    var program = Generator.program(seed);
    var least = leastPreemptions(program);
    for (var reductions : List.of(Reductions.NONE, Reductions.ALL)) {
      for (int most = 0; most < 4; most++) {
        var options = Options.DEFAULT.withReductions(reductions);
        var result =
            Check.run(program::build, options.withSearch(new Search.Preemptions(most)));
        String where = "seed " + seed + ", " + most + " preemptions: " + program + reductions;
        if (result.isComplete()) {
          assertEquals(shown(Check.run(program::build, options)), shown(result), where);
        } else {
          int bound = most;
          var expected = new HashSet<String>();
          least.forEach((what, n) -> expected.addAll(n <= bound ? Set.of(what) : Set.of()));
          if (reductions.equals(Reductions.NONE)) {
            assertEquals(expected, shown(result), where);
          }
          // What is met while a guess about a word is wrong is real, and may take more preemptions.
          assertTrue(shown(result).containsAll(expected), where);
        }
      }
    }
  }

  private static void sampledAgrees(long seed) {
    var program = Generator.program(seed);
    var all = shown(Check.run(program::build, Options.DEFAULT));
    for (var search :
        List.of(new Search.Random(20), new Search.Pct(3, 20), new Search.Swarm(2, 1 << 12))) {
      var result =
          Check.run(program::build, Options.DEFAULT.withSearch(search).withSeed(seed));
      String where = "seed " + seed + ", " + search + ": " + program;
      assertTrue(all.containsAll(shown(result)), where);
      result.violations().forEach(Finding::counterexample);
      result.outcomes().values().forEach(Finding::counterexample);
    }
  }

  /// What a search found; livelocks without who goes round in them, which differs with the cycle.
  private static Set<String> shown(CheckResult result) {
    var shown = new HashSet<>(result.outcomes().keySet());
    CheckTest.violations(result).forEach(v -> shown.add(text(v)));
    return shown;
  }

  private static String text(Violation violation) {
    return violation.property().equals(Violation.LIVELOCK)
        ? Violation.LIVELOCK
        : violation.toString();
  }

  /// For all that runs show, with how few preemptions: by a search over pairs of a state and the
  /// task that ran last and could go on.
  private static Map<String, Integer> leastPreemptions(GeneratedProgram program) {
    var learned = new Learned(program.build(), Reductions.NONE);
    var graph = new StateGraph(learned);
    var options = Options.DEFAULT.withReductions(Reductions.NONE).withMaxStates(MAX_STATES);
    new DepthFirst(learned, new Findings(), options, new Patience(options), graph).search();
    graph.complete();
    int lasts = graph.tasks() + 1;
    int nobody = graph.tasks();
    int[] cost = new int[graph.states() * lasts];
    Arrays.fill(cost, Integer.MAX_VALUE);
    Map<String, Integer> least = new HashMap<>();
    var queue = new ArrayDeque<Integer>();
    cost[nobody] = 0;
    queue.add(nobody);
    while (!queue.isEmpty()) {
      int pair = queue.removeFirst();
      int state = pair / lasts;
      int running = pair % lasts;
      boolean goesOn = running != nobody && (graph.enabled(state) >>> running & 1) != 0;
      for (int i = 0; i < graph.degree(state); i++) {
        int step = graph.step(state, i);
        int task = graph.task(step);
        boolean daemon = learned.program.tasks().get(task).kind() == Task.Kind.DAEMON;
        int preempts = goesOn && !daemon && task != running ? 1 : 0;
        int total = cost[pair] + preempts;
        for (var sight : graph.sights()) {
          if (sight.step() == step) {
            least.merge(what(sight), total, Math::min);
          }
        }
        if (graph.to(step) >= 0) {
          int runs = !daemon ? task : goesOn ? running : nobody;
          int target = graph.to(step) * lasts + runs;
          if (total < cost[target]) {
            cost[target] = total;
            queue.add(target);
          }
        }
      }
    }
    for (var sight : graph.sights()) {
      for (int last = 0; sight.step() < 0 && last < lasts; last++) {
        least.merge(what(sight), cost[sight.state() * lasts + last], Math::min);
      }
    }
    return least;
  }

  private static String what(StateGraph.Sight sight) {
    return switch (sight.what()) {
      case Found.What.Ended(var outcome) -> outcome;
      case Found.What.Violated(var violation) -> text(violation);
    };
  }
}
