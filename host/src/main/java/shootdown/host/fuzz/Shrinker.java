package shootdown.host.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.litmus.Argument;
import shootdown.litmus.Call;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Observable;
import shootdown.litmus.Proposition;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;

/// Makes a program that differs smaller, statement by statement, as long as it differs. A child
/// goes with its fork() and its wait().
///
/// @param <E> what may go wrong when two are compared
final class Shrinker<E extends Exception> {
  private final Comparer<E> comparer;

  /// Tells what differs.
  @FunctionalInterface
  interface Comparer<E extends Exception> {
    Optional<Difference> compare(LitmusTest test) throws E;
  }

  Shrinker(Comparer<E> comparer) {
    this.comparer = comparer;
  }

  Difference smallest(Difference difference) throws E {
    var best = difference;
    for (int thread = best.test().threads().size() - 1; thread >= 0; thread--) {
      for (int i = statements(best.test(), thread).size() - 1; i >= 0; i--) {
        if (i < statements(best.test(), thread).size()) {
          best = comparer.compare(without(best.test(), thread, i)).orElse(best);
        }
      }
    }
    return best;
  }

  private static List<Statement> statements(LitmusTest test, int thread) {
    return thread < test.threads().size()
        ? test.threads().get(thread).body().statements()
        : List.of();
  }

  private static LitmusTest without(LitmusTest test, int thread, int index) {
    var removed = child(statements(test, thread).get(index));
    var threads = new ArrayList<LitmusThread>();
    for (int i = 0; i < test.threads().size(); i++) {
      var old = test.threads().get(i);
      if (removed.isPresent() && old.number() == removed.get()) {
        continue;
      }
      var statements = new ArrayList<>(old.body().statements());
      if (i == thread) {
        statements.remove(index);
      }
      statements.removeIf(s -> removed.isPresent() && child(s).equals(removed));
      threads.add(
          new LitmusThread(
              old.kind(), old.number(), old.cpu(),
              new Statement.Block(statements, old.body().at()), old.at()));
    }
    return new LitmusTest(
        test.name(), test.header(), test.init(), threads, condition(test.condition(), threads));
  }

  /// The child that a statement forks or waits for.
  private static Optional<Integer> child(Statement statement) {
    return statement instanceof Statement.Assign(_, Call(var function, var arguments, _), _)
            && (function == SystemCall.FORK || function == SystemCall.WAIT)
        ? Optional.of(((Argument.Child) arguments.getFirst()).thread())
        : Optional.empty();
  }

  /// The condition without what looks at registers and threads that are gone.
  private static Condition condition(Condition condition, List<LitmusThread> threads) {
    if (!(condition instanceof Condition.Over(var quantifier, var proposition, var at))) {
      return condition;
    }
    return new Condition.Over(
        quantifier, kept(proposition, threads).orElse(proposition), at);
  }

  private static Optional<Proposition> kept(
      Proposition proposition, List<LitmusThread> threads) {
    return switch (proposition) {
      case Proposition.And(var left, var right, var at) -> {
        var a = kept(left, threads);
        var b = kept(right, threads);
        yield a.isPresent() && b.isPresent()
            ? Optional.of(new Proposition.And(a.get(), b.get(), at))
            : a.or(() -> b);
      }
      case Proposition.Compare compare ->
          isThere(compare.observable(), threads) ? Optional.of(compare) : Optional.empty();
      case Proposition.Not not -> Optional.of(not);
      case Proposition.Or or -> Optional.of(or);
    };
  }

  private static boolean isThere(Observable observable, List<LitmusThread> threads) {
    return switch (observable) {
      case Observable.Register(var number, var name) ->
          threads.stream().anyMatch(t -> t.number() == number && t.registers().contains(name));
      case Observable.Signal(var number) ->
          threads.stream().anyMatch(t -> t.number() == number);
      case Observable.Memory _, Observable.File _, Observable.Bound _ -> true;
    };
  }
}
