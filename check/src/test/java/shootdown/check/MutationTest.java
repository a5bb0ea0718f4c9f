package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shootdown.sched.Lock;
import shootdown.sched.LockClass;
import shootdown.sched.Mutation;
import shootdown.sched.Mutation.Kind;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// What programs do when something of their code is left out.
class MutationTest {
  private static final LockClass MUTEX = new LockClass("mutex", 0, true, true);
  private static final Violation TORN = new Violation("torn", "a waiter is forgotten");
  private static final Violation UNLOCKED = new Violation("unlocked", "the lock is not held");

  static List<Reductions> reductions() {
    return List.of(Reductions.NONE, Reductions.ALL);
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aLockThatIsLeftOutKeepsNobodyOut(Reductions reductions) {
    assertEquals(Set.of("x=3"), outcomes(reductions, Mutation.NONE, this::locked));
    var result = check(reductions, Mutation.off("slow_add/mutex"), this::locked);

    assertEquals(Set.of("x=1", "x=2", "x=3"), result.outcomes().keySet());
    assertTrue(result.violations().isEmpty(), () -> result.violations().toString());
    assertEquals("x=1", replayed(Mutation.off("slow_add/mutex"), this::locked, result, "x=1"));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void otherFunctionsTakeTheSameLock(Reductions reductions) {
    assertEquals(
        Set.of("x=1", "x=2", "x=3"),
        outcomes(reductions, Mutation.off("add/mutex"), this::locked));
    assertEquals(Set.of("x=3"), outcomes(reductions, Mutation.off("other/mutex"), this::locked));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void anAtomicUpdateThatIsTornLosesWrites(Reductions reductions) {
    assertEquals(Set.of("x=3"), outcomes(reductions, Mutation.NONE, this::atomic));
    assertEquals(
        Set.of("x=1", "x=3"),
        outcomes(reductions, Mutation.off("add/count.add"), this::atomic));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aCheckThatIsLeftOutHolds(Reductions reductions) {
    assertEquals(Set.of("x=0", "x=1"), outcomes(reductions, Mutation.NONE, this::rechecked));
    assertEquals(
        Set.of("x=1"), outcomes(reductions, Mutation.off("guarded/flag"), this::rechecked));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aWaitThatIsLeftOutDoesNotWait(Reductions reductions) {
    assertEquals(Set.of("x=1"), outcomes(reductions, Mutation.NONE, this::waiting));
    assertEquals(
        Set.of("x=0", "x=1"),
        outcomes(reductions, Mutation.off("wait_for/ready.wait"), this::waiting));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void sitesAreWrittenDown(Reductions reductions) {
    var sites = Mutation.recording();
    check(reductions, sites, this::locked);
    check(reductions, sites, this::rechecked);
    assertEquals(
        Map.of("add/mutex", Kind.LOCK, "slow_add/mutex", Kind.LOCK, "guarded/flag", Kind.RECHECK),
        sites.met());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void whatASiteIsThereForIsNoticed(Reductions reductions) {
    assertEquals(
        Set.of("it waits", "add waits"),
        noticed(reductions, "slow_add/mutex", this::locked, Set.of("x=3")));
    assertEquals(
        Set.of("0 becomes 2"),
        noticed(reductions, "add/count.add", this::atomic, Set.of("x=3")));
    assertEquals(
        Set.of("it does not hold"),
        noticed(reductions, "guarded/flag", this::rechecked, Set.of("x=0", "x=1")));
    assertEquals(
        Set.of("it waits"),
        noticed(reductions, "wait_for/ready.wait", this::waiting, Set.of("x=1")));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void whoeverAssertsALockNoticesThatItIsNotTaken(Reductions reductions) {
    for (var asserted : Asserted.values()) {
      var result = check(reductions, Mutation.NONE, () -> asserted(asserted));
      assertEquals(Set.of("x=3"), result.outcomes().keySet());
      assertEquals(List.of(), result.violations());

      var without = check(reductions, Mutation.off("slow_add/mutex"), () -> asserted(asserted));
      assertEquals(1, without.violations().size(), asserted.name());
      assertEquals(
          Violation.LOCK_MISUSE,
          without.violations().getFirst().violation().orElseThrow().property());
    }
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void anAssertionCostsNothing(Reductions reductions) {
    long before = check(reductions, Mutation.NONE, this::locked).effort().states();
    for (var asserted : Asserted.values()) {
      assertEquals(
          before, check(reductions, Mutation.NONE, () -> asserted(asserted)).effort().states());
    }
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void anAssertionAloneMayShowALockToBeMissed(Reductions reductions) {
    var sites = Mutation.recording();
    check(reductions, sites, () -> asserted(Asserted.HELD));
    assertTrue(sites.isAsserted("slow_add/mutex"));
    assertTrue(sites.mayMatter("slow_add/mutex"));
    assertFalse(sites.isAsserted("add/mutex"));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aTornUpdateLosesThatSomebodyWaits(Reductions reductions) {
    assertEquals(List.of(), check(reductions, Mutation.NONE, this::bitLock).violations());
    var result = check(reductions, Mutation.off("mark/flags.or"), this::bitLock);
    assertEquals(
        Set.of(TORN),
        result.violations().stream()
            .flatMap(f -> f.violation().stream())
            .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void whatNobodyElseTouchesNeedsNoSite(Reductions reductions) {
    assertEquals(
        Set.of(), noticed(reductions, "alone/own.add", this::ownWord, Set.of("x=1")));
    var sites = Mutation.recording();
    check(reductions, sites, this::ownWord);
    assertFalse(sites.mayMatter("alone/own.add"));
    assertFalse(sites.mayMatter("alone/own"));
    assertTrue(sites.mayMatter("alone/shared.add"));
    assertTrue(sites.mayMatter("other/shared.add"));
  }

  private static Set<String> noticed(
      Reductions reductions, String site, Supplier<Program> programs, Set<String> outcomes) {
    var watch = Mutation.watching(site);
    assertEquals(outcomes, outcomes(reductions, watch, programs));
    return watch.noticed(site);
  }

  /// A task adds to a word of its own, and both to one that they share.
  private Program ownWord() {
    var p = new Program();
    var own = p.word("own", 0);
    var shared = p.word("shared", 0);
    task(
        p,
        "alone",
        () -> {
          own.add(1);
          if (p.steps().recheck("own", () -> own.is(1))) {
            shared.add(1);
          }
        });
    task(p, "other", () -> shared.add(1));
    p.outcome(view -> "x=" + view.get(own));
    return p;
  }

  /// As below, without that.
  private Program locked() {
    return locked(_ -> {});
  }

  /// Two tasks that add under a lock; one of them takes it in a function of its own, and does
  /// something with it then.
  private Program locked(Consumer<Lock> once) {
    var p = new Program();
    var x = p.word("x", 0);
    var lock = p.lock("lock", MUTEX);
    task(
        p,
        "add",
        () -> {
          lock.lock();
          x.write(x.read() + 1);
          lock.unlock();
        });
    p.task(
        "B",
        Task.Kind.NORMAL,
        () -> {
          take(p, lock);
          once.accept(lock);
          x.write(x.read() + 2);
          lock.unlock();
        });
    p.outcome(view -> "x=" + view.get(x));
    return p;
  }

  private enum Asserted {
    HELD,
    EXCLUSIVELY,
    LOCKED
  }

  /// As [#locked], where one of the two asserts that the lock is held.
  private Program asserted(Asserted how) {
    return locked(
        lock -> {
          switch (how) {
            case HELD -> lock.assertHeld();
            case EXCLUSIVELY -> lock.assertHeldExclusively();
            case LOCKED -> lock.assertLocked();
          }
        });
  }

  /// A task changes a word of which the lock that it holds is a part; another one waits for that.
  private Program bitLock() {
    var p = new Program();
    var flags = p.word("flags", 0);
    var lock = p.lock("PG_locked", MUTEX);
    p.together(flags.index(), TORN, lock.index());
    task(
        p,
        "mark",
        () -> {
          lock.lock();
          flags.set(1);
          lock.unlock();
        });
    task(
        p,
        "wait",
        () -> {
          lock.lock();
          lock.unlock();
        });
    p.outcome(view -> "flags=" + view.get(flags));
    return p;
  }

  private static void take(Program p, Lock lock) {
    p.steps().run("slow_add", lock::lock);
    if (!lock.isHeldExclusively()) {
      p.steps().violate(UNLOCKED);
    }
  }

  private Program atomic() {
    var p = new Program();
    var x = p.word("count 7", 0);
    task(p, "add", () -> x.add(1));
    task(p, "add_two", () -> x.add(2));
    p.outcome(view -> "x=" + view.get(x));
    return p;
  }

  private Program rechecked() {
    var p = new Program();
    var flag = p.word("flag", 1);
    var x = p.word("x", 0);
    task(
        p,
        "guarded",
        () -> {
          if (p.steps().recheck("flag", () -> flag.is(1))) {
            x.write(1);
          }
        });
    task(p, "lower", () -> flag.write(0));
    p.outcome(view -> "x=" + view.get(x));
    return p;
  }

  private Program waiting() {
    var p = new Program();
    var ready = p.word("ready", 0);
    var x = p.word("x", 0);
    task(
        p,
        "wait_for",
        () -> {
          ready.await(1);
          x.write(ready.read());
        });
    task(p, "get_ready", () -> ready.write(1));
    p.outcome(view -> "x=" + view.get(x));
    return p;
  }

  private static void task(Program program, String function, Runnable body) {
    program.task(
        function, Task.Kind.NORMAL, () -> program.steps().run(function, body));
  }

  private static Set<String> outcomes(
      Reductions reductions, Mutation mutation, Supplier<Program> programs) {
    return check(reductions, mutation, programs).outcomes().keySet();
  }

  private static CheckResult check(
      Reductions reductions, Mutation mutation, Supplier<Program> programs) {
    var result =
        Check.run(mutated(mutation, programs), Options.DEFAULT.withReductions(reductions));
    assertTrue(result.isComplete());
    return result;
  }

  private static Supplier<Program> mutated(Mutation mutation, Supplier<Program> programs) {
    return () -> {
      var program = programs.get();
      program.mutate(mutation);
      return program;
    };
  }

  /// The second runner does the same.
  private static String replayed(
      Mutation mutation, Supplier<Program> programs, CheckResult result, String outcome) {
    var schedule = result.outcomes().get(outcome).counterexample().schedule();
    var trace = Check.replay(mutated(mutation, programs), schedule);
    assertFalse(trace.events().isEmpty());
    return trace.outcome().orElseThrow();
  }
}
