package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.check.generated.AlikeLoops;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Who can go on for ever without progress, and where runs end that never rest: the graph up to
/// renaming tells what the graph of all states does.
class LivelockSymmetryTest {
  private static final int MAX_STATES = 5_000;

  /// Who steps and who waits in a trap.
  private record Roles(long steppers, long victims) {}

  @Test
  void trapsUpToRenamingAreThoseOfAllStates() {
    assertTrue(LongStream.range(0, 150).filter(LivelockSymmetryTest::sameTraps).count() > 50);
  }

  /// Few programs have traps in which tasks are named otherwise than in the component around them;
  /// these do.
  @ParameterizedTest
  @ValueSource(longs = {482, 1_808, 4_298, 5_997, 6_568, 7_643})
  void partsOfComponentsHaveNamesOfTheirOwn(long seed) {
    sameTraps(seed);
  }

  @Test
  void verdictsAgree() {
    LongStream.range(0, 120).forEach(LivelockSymmetryTest::sameVerdicts);
  }

  /// A livelock is told and runs, though no more states can be kept than there are up to renaming.
  @Test
  void livelocksUpToRenamingReplay() {
    assertTrue(LongStream.range(0, 80).filter(LivelockSymmetryTest::replays).count() > 10);
  }

  @Test
  @Tag("slow")
  void manyAgree() {
    var part = Part.chosen();
    part.each("traps", seeds(150, 40_000), LivelockSymmetryTest::sameTraps);
    part.each("verdicts", seeds(120, 10_000), LivelockSymmetryTest::sameVerdicts);
    part.each("livelocks that are run", seeds(80, 10_000), LivelockSymmetryTest::replays);
  }

  private static Stream<Long> seeds(long from, long to) {
    return LongStream.range(from, to).boxed();
  }

  private static AlikeLoops program(long seed) {
    return new AlikeLoops(seed, 2 + (int) (seed % 5) / 2, seed % 3 == 1, seed % 4 == 3);
  }

  /// False if there is no trap, or the program is too large.
  private static boolean sameTraps(long seed) {
    var program = program(seed);
    var learned = new Learned(program.build(), Reductions.of(Reduction.SYMMETRY));
    var all = graph(learned, Reductions.NONE);
    var some = graph(learned, Reductions.of(Reduction.SYMMETRY));
    if (all.states() > MAX_STATES) {
      return false;
    }
    var patience = new Patience(Options.DEFAULT);
    var livelocks = new Livelocks(all, patience);
    var upToRenaming = new Livelocks(some, patience);
    var roles = roles(livelocks.largest());
    assertEquals(
        roles, images(learned, roles(upToRenaming.largest())), program::toString);
    assertEquals(
        livelocks.idle().isEmpty(), upToRenaming.idle().isEmpty(), program::toString);
    return !roles.isEmpty();
  }

  private static StateGraph graph(Learned learned, Reductions reductions) {
    var options = Options.DEFAULT.withReductions(reductions).withMaxStates(MAX_STATES + 1);
    var graph = new StateGraph(learned);
    new DepthFirst(learned, new Findings(), options, new Patience(options), graph).search();
    graph.complete();
    return graph;
  }

  private static Set<Roles> roles(List<Livelocks.Trap> traps) {
    var roles = new HashSet<Roles>();
    traps.forEach(trap -> roles.add(new Roles(trap.steppers(), trap.victims())));
    return roles;
  }

  private static Set<Roles> images(Learned learned, Set<Roles> roles) {
    var renamings = learned.images.orElseThrow().renamings();
    var queue = new ArrayList<>(roles);
    var all = new HashSet<>(roles);
    for (int i = 0; i < queue.size(); i++) {
      for (int g = 0; g < renamings.count(); g++) {
        var image =
            new Roles(
                image(renamings, g, queue.get(i).steppers),
                image(renamings, g, queue.get(i).victims));
        if (all.add(image)) {
          queue.add(image);
        }
      }
    }
    return all;
  }

  private static long image(Renamings renamings, int g, long tasks) {
    return LongStream.range(0, Long.SIZE)
        .filter(t -> (tasks >>> t & 1) != 0)
        .map(t -> 1L << renamings.task(g, (int) t))
        .reduce(0, (a, b) -> a | b);
  }

  private static void sameVerdicts(long seed) {
    var program = program(seed);
    var plain = check(program::build, Reductions.NONE, MAX_STATES);
    if (!plain.isComplete()) {
      return;
    }
    for (var reductions : List.of(Reductions.of(Reduction.SYMMETRY), Reductions.ALL)) {
      var result = check(program::build, reductions, MAX_STATES);
      assertEquals(
          Verdict.of(plain), Verdict.of(result), () -> program + " with " + reductions);
    }
  }

  /// False if there is no livelock, or all states could be kept.
  private static boolean replays(long seed) {
    var program = program(seed);
    var whole = check(program::build, Reductions.ALL, MAX_STATES);
    int few = (int) whole.effort().states();
    var result = check(program::build, Reductions.ALL, few);
    if (!whole.isComplete()) {
      return false;
    }
    assertEquals(Verdict.of(whole), Verdict.of(result), program::toString);
    var livelocks =
        result.violations().stream()
            .filter(f -> f.violation().orElseThrow().property().equals(Violation.LIVELOCK))
            .toList();
    livelocks.forEach(
        found -> assertFalse(found.counterexample().cycle().decisions().isEmpty()));
    return livelocks.stream().anyMatch(found -> !found.counterexample().minimal());
  }

  private static CheckResult check(Supplier<Program> programs, Reductions reductions, int most) {
    return Check.run(
        programs,
        Options.DEFAULT
            .withReductions(reductions)
            .withMaxStates(MAX_STATES)
            .withGraphStates(most));
  }

  /// Up to renaming the one that has the turn hands it on and is back where it was; in fact all
  /// must have had it once. Who waits for its turn steps, but not on the small cycle.
  @Test
  void aTurnThatGoesRoundIsFair() {
    var result = check(() -> turns(true), Reductions.ALL, MAX_STATES);
    var message =
        result.violations().getFirst().violation().orElseThrow().message();

    assertEquals("T0, T1, T2 can go on for ever without progress", message);
  }

  /// Where each that has the turn gets something done, there is no livelock; the search does not
  /// need the graph of all states to tell.
  @Test
  void noLivelockTakesNoMoreStates() {
    int few = (int) check(() -> turns(false), Reductions.ALL, MAX_STATES).effort().states();

    assertTrue(few < check(() -> turns(false), Reductions.NONE, MAX_STATES).effort().states());
    var result = check(() -> turns(false), Reductions.ALL, few);
    assertTrue(result.isComplete(), () -> result.incomplete().orElseThrow());
    assertTrue(result.violations().isEmpty());
  }

  private static Program turns(boolean inVain) {
    var program = new Program();
    var steps = program.steps();
    var turn = program.word("turn", -1);
    var ring = program.ring("task", 3);
    var tasks = new ArrayList<Task>();
    for (int i = 0; i < 3; i++) {
      int me = i;
      Runnable body =
          () ->
              steps.retry(
                  "round",
                  () -> {
                    if (!turn.cas(-1, me)) {
                      steps.retry(
                          "wait", () -> turn.is(me) ? Turn.done(true) : Turn.again(true));
                    }
                    if (!inVain) {
                      steps.progress();
                    }
                    turn.write((me + 1) % 3);
                    return Turn.again(true);
                  });
      tasks.add(program.task("T" + i, Task.Kind.NORMAL, body));
    }
    ring.tasks(tasks).names(turn);
    return program;
  }
}
