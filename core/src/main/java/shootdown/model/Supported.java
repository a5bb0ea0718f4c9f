package shootdown.model;

import java.util.ArrayList;
import java.util.List;
import shootdown.litmus.Call;
import shootdown.litmus.Diagnostic;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Statement;

/// Finds what the language knows and the kernel does not have yet.
final class Supported {
  private Supported() {}

  /// One for each such call, at its place.
  static List<Diagnostic> diagnostics(ParseResult.Parsed parsed) {
    var found = new ArrayList<Diagnostic>();
    collect(parsed, parsed.test().init(), found);
    parsed.test().threads().forEach(t -> collect(parsed, t.body().statements(), found));
    return found;
  }

  private static void collect(
      ParseResult.Parsed parsed, List<Statement> statements, List<Diagnostic> found) {
    for (var statement : statements) {
      switch (statement) {
        case Statement.Assign(_, var source, _) -> {
          if (source instanceof Call call && !KernelSystem.has(call.function())) {
            found.add(
                parsed
                    .source()
                    .diagnostic(
                        call.at(),
                        call.function().functionName() + "() is not modelled yet"));
          }
        }
        case Statement.If(_, var then, var otherwise, _) -> {
          collect(parsed, then.statements(), found);
          collect(parsed, otherwise.statements(), found);
        }
        case Statement.While(_, var body, _) -> collect(parsed, body.statements(), found);
        case Statement.Block(var inner, _) -> collect(parsed, inner, found);
      }
    }
  }
}
