package shootdown.host.worker;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import shootdown.litmus.Call;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;

/// Which functions a test calls.
public final class Functions {
  private final Set<SystemCall> found = EnumSet.noneOf(SystemCall.class);

  private Functions() {}

  /// Those of its threads; the initial state's are not among them.
  public static Set<SystemCall> in(LitmusTest test) {
    var functions = new Functions();
    test.threads().forEach(t -> functions.collect(t.body().statements()));
    return functions.found;
  }

  private void collect(List<Statement> statements) {
    for (var statement : statements) {
      switch (statement) {
        case Statement.Assign(_, Call call, _) -> found.add(call.function());
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
