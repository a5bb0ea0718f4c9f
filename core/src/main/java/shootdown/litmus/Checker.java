package shootdown.litmus;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import shootdown.litmus.Statement.Assign;
import shootdown.litmus.SystemCall.Where;

/// Checks what the grammar cannot say: that names are bound, that calls fit their signatures, that
/// threads and results fit together.
final class Checker {
  private final LitmusTest test;
  private final Damage damage;
  private final Diagnostics diagnostics;
  private final Map<String, GlobalKind> globals;

  Checker(LitmusTest test, Damage damage, Diagnostics diagnostics) {
    this.test = test;
    this.damage = damage;
    this.diagnostics = diagnostics;
    this.globals = test.globals();
  }

  void check() {
    initialState();
    for (LitmusThread thread : test.threads()) {
      thread(thread);
    }
    duplicates();
    firstThread();
    if (!damage.lostThreads()) {
      new ForkChecker(test, damage, diagnostics).check();
    }
    switch (test.condition()) {
      case Condition.None _ -> { }
      case Condition.Over over -> new ConditionChecker(test, damage, diagnostics).check(over);
    }
    if (!damage.ofCondition()) {
      results();
    }
  }

  private void initialState() {
    Set<String> bound = new HashSet<>();
    Set<String> readable = new HashSet<>(damage.globals());
    for (Statement statement : test.init()) {
      if (!(statement instanceof Assign(var target, var source, _))) {
        diagnostics.add(statement.at(),
            "the initial state has only assignments, stores and calls");
        continue;
      }
      KnownNames known = new KnownNames.Bound(globals, Collections.unmodifiableSet(readable));
      new BodyChecker(Where.INITIAL_STATE, known, diagnostics).statement(statement);
      bind(target, source, known, bound);
      readable.addAll(bound);
    }
  }

  private void bind(Target target, Source source, KnownNames known, Set<String> bound) {
    if (source instanceof Call call) {
      for (Argument argument : call.arguments()) {
        if (argument instanceof Argument.Buffer(var name, var at)) {
          if (call.function().fillsBuffers()) {
            bind(name, at, bound);
          } else if (!known.knows(name)) {
            diagnostics.add(at, () -> known.mistake(name));
          }
        }
      }
    }
    if (target instanceof Target.Register(var name, var at)) {
      bind(name, at, bound);
    }
  }

  private void bind(String name, Position at, Set<String> bound) {
    if (!bound.add(name)) {
      diagnostics.add(at, Token.quoted(name) + " is bound already");
    }
  }

  private void thread(LitmusThread thread) {
    Where where = thread.kind() == LitmusThread.Kind.KTHREAD ? Where.KTHREAD : Where.THREAD;
    Set<String> registers = new LinkedHashSet<>(thread.registers());
    registers.addAll(damage.globals());
    registers.addAll(damage.registers(thread));
    KnownNames known = new KnownNames.Thread(globals, registers, thread.name());
    BodyChecker body = new BodyChecker(where, known, diagnostics);
    thread.body().statements().forEach(body::statement);
  }

  private void duplicates() {
    Set<String> names = new HashSet<>();
    for (LitmusThread thread : test.threads()) {
      if (!names.add(thread.name()) && !damage.lostThreads()) {
        diagnostics.add(thread.at(), "there are two threads " + thread.name());
      }
    }
  }

  private void firstThread() {
    var threads =
        test.threads().stream().filter(t -> t.kind() != LitmusThread.Kind.KTHREAD).toList();
    if (!damage.lostThreads() && threads.stream().allMatch(t -> t.number() != 0)) {
      threads.stream().findFirst().ifPresent(
          thread -> diagnostics.add(thread.at(), "threads are numbered from 0: there is no P0"));
    }
  }

  private void results() {
    boolean condition = test.condition() instanceof Condition.Over;
    for (ResultLine result : test.header().results()) {
      boolean fits = switch (result.verdict()) {
        case NEVER, SOMETIMES, ALWAYS, UNKNOWN -> condition;
        case CLEAN, VIOLATED -> !condition;
      };
      if (!fits) {
        diagnostics.add(result.at(), condition
            ? "the test has a condition: say Never, Sometimes or Always"
            : "the test has no condition: say Clean, or the oracles alone");
      }
    }
  }
}
