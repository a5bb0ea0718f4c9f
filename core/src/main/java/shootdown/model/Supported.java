package shootdown.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.litmus.Call;
import shootdown.litmus.Diagnostic;
import shootdown.litmus.Expression;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;

/// Finds what the language knows and the kernel does not have, and what cannot do anything in this
/// test.
final class Supported {
  private static final String MERGEABLE = "MADV_MERGEABLE";

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
          if (source instanceof Call call) {
            mistake(parsed, call)
                .ifPresent(text -> found.add(parsed.source().diagnostic(call.at(), text)));
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

  private static Optional<String> mistake(ParseResult.Parsed parsed, Call call) {
    if (!KernelSystem.has(call.function())) {
      return Optional.of(call.function().functionName() + "() is not modelled yet");
    }
    return call.function() == SystemCall.KSM_MERGE && !names(parsed, MERGEABLE)
        ? Optional.of(
            "ksm_merge() merges only what madvise() was told to be " + MERGEABLE
                + ", and this test tells that of nothing")
        : Optional.empty();
  }

  private static boolean names(ParseResult.Parsed parsed, String constant) {
    return Expressions.of(parsed.test()).all().stream()
        .anyMatch(e -> e instanceof Expression.Constant c && c.name().equals(constant));
  }
}
