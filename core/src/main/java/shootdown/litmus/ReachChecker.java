package shootdown.litmus;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Checks that a condition's words lie within what the initial state made: `x[600]` of one page is
/// a mistake. Where the test has a call that can make it longer nothing is said.
final class ReachChecker {
  private final Diagnostics diagnostics;
  private final Map<String, Long> bytes = new HashMap<>();
  private final boolean memoryGrows;
  private final boolean filesGrow;

  ReachChecker(LitmusTest test, Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
    this.memoryGrows = calls(test).anyMatch(ReachChecker::growsMemory);
    this.filesGrow =
        calls(test).anyMatch(
            c -> c.function() == SystemCall.FTRUNCATE || c.function() == SystemCall.PWRITE);
    for (var statement : test.init()) {
      if (statement instanceof Statement.Assign(Target.Register(var name, _), var source, _)) {
        length(source).ifPresent(length -> bytes.putIfAbsent(name, length));
      }
    }
  }

  /// Checks one place of the condition.
  void check(Observable observable, Position at) {
    switch (observable) {
      case Observable.Memory(var name, var word) when !memoryGrows -> check(name, word, at);
      case Observable.File(var name, var word) when !filesGrow -> check(name, word, at);
      default -> { }
    }
  }

  private void check(String name, long word, Position at) {
    Long length = bytes.get(name);
    if (length != null && word > 0 && word >= length / Constants.WORD) {
      diagnostics.add(at,
          name + "[" + word + "] lies beyond the " + length + " bytes of " + Token.quoted(name));
    }
  }

  /// How long what a name is bound to is; empty where only an execution can tell.
  private OptionalLong length(Source source) {
    return switch (source) {
      case Call call -> switch (call.function()) {
        case MMAP -> pages(constant(call, 1));
        case RESERVE, FILE, MEMFD -> pages(constant(call, 0));
        default -> OptionalLong.empty();
      };
      case Expression.Global(var name, _) -> known(name, 0);
      case Expression.Binary(var operator, Expression.Global(var name, _), var right, _)
          when operator == BinaryOperator.ADD -> {
        var offset = Evaluation.constant(right);
        yield offset.isPresent() ? known(name, offset.getAsLong()) : OptionalLong.empty();
      }
      case Expression _ -> OptionalLong.empty();
    };
  }

  private OptionalLong known(String name, long offset) {
    Long length = bytes.get(name);
    return length == null || offset < 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, length - offset));
  }

  private static OptionalLong pages(OptionalLong length) {
    long bytes = length.orElse(0);
    return bytes > 0
        ? OptionalLong.of(((bytes - 1) / Constants.PAGE + 1) * Constants.PAGE)
        : OptionalLong.empty();
  }

  private static OptionalLong constant(Call call, int argument) {
    return argument < call.arguments().size()
            && call.arguments().get(argument) instanceof Expression expression
        ? Evaluation.constant(expression)
        : OptionalLong.empty();
  }

  /// A mapping may be put behind another one where its address is asked for.
  private static boolean growsMemory(Call call) {
    return call.function() == SystemCall.MREMAP
        || call.function() == SystemCall.MMAP && constant(call, 0).orElse(1) != 0;
  }

  private static Stream<Call> calls(LitmusTest test) {
    return Stream.concat(
            test.init().stream(),
            test.threads().stream().map(t -> t.body().statements()).flatMap(Collection::stream))
        .flatMap(ReachChecker::calls);
  }

  private static Stream<Call> calls(Statement statement) {
    return switch (statement) {
      case Statement.Assign(_, Call call, _) -> Stream.of(call);
      case Statement.Assign _ -> Stream.empty();
      case Statement.If(_, var then, var otherwise, _) ->
          Stream.concat(calls(then), calls(otherwise));
      case Statement.While(_, var body, _) -> calls(body);
      case Statement.Block(var statements, _) -> statements.stream().flatMap(ReachChecker::calls);
    };
  }
}
