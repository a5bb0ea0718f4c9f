package shootdown.litmus;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import shootdown.litmus.LitmusThread.Kind;

/// Checks that each child is forked once, by a thread that runs, and waited for by its parents.
final class ForkChecker {
  private final LitmusTest test;
  private final Damage damage;
  private final Diagnostics diagnostics;
  private final Map<Integer, LitmusThread> threads = new TreeMap<>();
  private final Map<Integer, LitmusThread> parents = new HashMap<>();

  ForkChecker(LitmusTest test, Damage damage, Diagnostics diagnostics) {
    this.test = test;
    this.damage = damage;
    this.diagnostics = diagnostics;
  }

  void check() {
    for (LitmusThread thread : test.threads()) {
      if (thread.kind() != Kind.KTHREAD) {
        threads.putIfAbsent(thread.number(), thread);
      }
    }
    for (LitmusThread thread : threads.values()) {
      forks(thread, thread.body(), "");
    }
    for (LitmusThread thread : threads.values()) {
      if (thread.kind() == Kind.CHILD && !starts(thread) && !damage.lostStatements()) {
        diagnostics.add(thread.at(), parents.containsKey(thread.number())
            ? thread.name() + " is forked only by threads that never start"
            : "no thread forks the child " + thread.name());
      }
      waits(thread, thread.body());
    }
  }

  private void forks(LitmusThread thread, Statement statement, String loop) {
    switch (statement) {
      case Statement.Assign(_, var source, _) -> {
        if (source instanceof Call call && call.function() == SystemCall.FORK) {
          child(call).ifPresent(child -> fork(thread, child, loop));
        }
      }
      case Statement.If(_, var then, var otherwise, _) -> {
        forks(thread, then, loop);
        forks(thread, otherwise, loop);
      }
      case Statement.While(_, var body, _) -> forks(thread, body, "in a loop");
      case Statement.Block(var statements, _) -> statements.forEach(s -> forks(thread, s, loop));
    }
  }

  private static Optional<Argument.Child> child(Call call) {
    return call.arguments().stream()
        .filter(a -> a instanceof Argument.Child(var number, _) && number >= 0)
        .map(a -> (Argument.Child) a)
        .findFirst();
  }

  private void fork(LitmusThread thread, Argument.Child child, String loop) {
    int number = child.thread();
    if (!threads.containsKey(number)) {
      diagnostics.add(child.at(), "there is no thread P" + number);
    } else if (threads.get(number).kind() != Kind.CHILD) {
      diagnostics.add(child.at(), "P" + number + " is not forked: write 'child P" + number
          + "()'");
    } else if (!loop.isEmpty()) {
      diagnostics.add(child.at(), "P" + number + " is forked " + loop + ": it can start once");
    } else if (parents.putIfAbsent(number, thread) != null) {
      diagnostics.add(child.at(), "P" + number + " is forked already: it can start once");
    }
  }

  /// Whether a chain of forks leads to this thread from one of the first process.
  private boolean starts(LitmusThread thread) {
    return root(thread) == Kind.USER;
  }

  private Kind root(LitmusThread thread) {
    Set<Integer> seen = new HashSet<>();
    LitmusThread ancestor = thread;
    while (ancestor.kind() == Kind.CHILD && seen.add(ancestor.number())
        && parents.containsKey(ancestor.number())) {
      ancestor = parents.get(ancestor.number());
    }
    return ancestor.kind();
  }

  private void waits(LitmusThread thread, Statement statement) {
    switch (statement) {
      case Statement.Assign(_, var source, _) -> {
        if (source instanceof Call call && call.function() == SystemCall.WAIT) {
          child(call).ifPresent(child -> wait(thread, child));
        }
      }
      case Statement.If(_, var then, var otherwise, _) -> {
        waits(thread, then);
        waits(thread, otherwise);
      }
      case Statement.While(_, var body, _) -> waits(thread, body);
      case Statement.Block(var statements, _) -> statements.forEach(s -> waits(thread, s));
    }
  }

  private void wait(LitmusThread thread, Argument.Child child) {
    int number = child.thread();
    if (!threads.containsKey(number)) {
      diagnostics.add(child.at(), "there is no thread P" + number);
    } else if (!parents.containsKey(number)) {
      if (threads.get(number).kind() != Kind.CHILD) {
        diagnostics.add(child.at(), "P" + number + " is no child: only a child is waited for");
      }
    } else if (!process(thread).equals(process(parents.get(number)))) {
      diagnostics.add(child.at(), "P" + number + " is no child of the process of "
          + thread.name());
    }
  }

  /// The name of the process that a thread belongs to. A child has one of its own.
  private static String process(LitmusThread thread) {
    return thread.kind() == Kind.CHILD ? thread.name() : "";
  }
}
