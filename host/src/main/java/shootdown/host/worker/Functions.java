package shootdown.host.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import shootdown.litmus.Call;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;

/// Which functions a test calls.
public final class Functions {
  private final List<Call> found = new ArrayList<>();

  private Functions() {}

  /// Those of its threads; the initial state's are not among them.
  public static Set<SystemCall> in(LitmusTest test) {
    return calls(test).stream().map(Call::function).collect(Collectors.toSet());
  }

  /// Where its threads call.
  static List<Call> calls(LitmusTest test) {
    var functions = new Functions();
    test.threads().forEach(t -> functions.collect(t.body().statements()));
    return functions.found;
  }

  private void collect(List<Statement> statements) {
    for (var statement : statements) {
      switch (statement) {
        case Statement.Assign(_, Call call, _) -> found.add(call);
        case Statement.Assign _ -> {}
        case Statement.If(_, var then, var otherwise, _) -> {
          collect(then.statements());
          collect(otherwise.statements());
        }
        case Statement.While(_, var body, _) -> collect(body.statements());
        case Statement.Block(var inner, _) -> collect(inner);
      }
    }
  }
}
