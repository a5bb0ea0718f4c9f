package shootdown.litmus;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds the names that statements assign, in the order of their first appearance.
final class Assigned {
  private final Set<String> names = new LinkedHashSet<>();

  private Assigned() {}

  static Set<String> in(List<Statement> statements) {
    Assigned assigned = new Assigned();
    statements.forEach(assigned::statement);
    return assigned.names;
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Assign(var target, var source, _) -> {
        source(source);
        if (target instanceof Target.Register(var name, _)) {
          names.add(name);
        }
      }
      case Statement.If(_, var then, var otherwise, _) -> {
        statement(then);
        statement(otherwise);
      }
      case Statement.While(_, var body, _) -> statement(body);
      case Statement.Block(var statements, _) -> statements.forEach(this::statement);
    }
  }

  private void source(Source source) {
    if (source instanceof Call call) {
      for (Argument argument : call.arguments()) {
        if (argument instanceof Argument.Buffer(var register, _)) {
          names.add(register);
        }
      }
    }
  }
}
