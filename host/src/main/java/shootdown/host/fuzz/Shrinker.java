package shootdown.host.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.host.run.HostFailure;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Observable;
import shootdown.litmus.Proposition;
import shootdown.litmus.Statement;

/// Makes a program that differs smaller, statement by statement, as long as it differs.
final class Shrinker {
  private final Fuzzer fuzzer;

  Shrinker(Fuzzer fuzzer) {
    this.fuzzer = fuzzer;
  }

  Difference smallest(Difference difference) throws HostFailure {
    var best = difference;
    for (int i = statements(best).size() - 1; i >= 0; i--) {
      if (i < statements(best).size()) {
        best = fuzzer.compare(without(best.test(), i)).orElse(best);
      }
    }
    return best;
  }

  private static List<Statement> statements(Difference difference) {
    return difference.test().threads().getFirst().body().statements();
  }

  private static LitmusTest without(LitmusTest test, int index) {
    var thread = test.threads().getFirst();
    var statements = new ArrayList<>(thread.body().statements());
    statements.remove(index);
    var body = new Statement.Block(statements, thread.body().at());
    var shorter =
        new LitmusThread(thread.kind(), thread.number(), thread.cpu(), body, thread.at());
    return new LitmusTest(
        test.name(), test.header(), test.init(), List.of(shorter),
        condition(test.condition(), shorter));
  }

  /// The condition without what compares registers that are gone.
  private static Condition condition(Condition condition, LitmusThread thread) {
    if (!(condition instanceof Condition.Over(var quantifier, var proposition, var at))) {
      return condition;
    }
    return new Condition.Over(
        quantifier, kept(proposition, thread).orElse(proposition), at);
  }

  private static Optional<Proposition> kept(Proposition proposition, LitmusThread thread) {
    return switch (proposition) {
      case Proposition.And(var left, var right, var at) -> {
        var a = kept(left, thread);
        var b = kept(right, thread);
        yield a.isPresent() && b.isPresent()
            ? Optional.of(new Proposition.And(a.get(), b.get(), at))
            : a.or(() -> b);
      }
      case Proposition.Compare(var observable, _, _, _)
          when observable instanceof Observable.Register(_, var name)
              && !thread.registers().contains(name) ->
          Optional.empty();
      case Proposition.Compare compare -> Optional.of(compare);
      case Proposition.Not not -> Optional.of(not);
      case Proposition.Or or -> Optional.of(or);
    };
  }
}
