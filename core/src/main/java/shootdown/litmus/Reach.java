package shootdown.litmus;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// How far what the initial state made reaches: `x[600]` of one page does not exist. Where the test
/// has a call that can make it longer nothing is known.
public final class Reach {
  private final Map<String, Long> bytes = new HashMap<>();
  private final boolean memoryGrows;
  private final boolean filesGrow;

  public Reach(LitmusTest test) {
    this.memoryGrows = calls(test).anyMatch(Reach::growsMemory);
    this.filesGrow =
        calls(test).anyMatch(
            c -> c.function() == SystemCall.FTRUNCATE || c.function() == SystemCall.PWRITE);
    for (var statement : test.init()) {
      if (statement instanceof Statement.Assign(Target.Register(var name, _), var source, _)) {
        length(source).ifPresent(length -> bytes.putIfAbsent(name, length));
      }
    }
  }

  /// The bytes of what a word of memory or of a file is said to be in, if it lies beyond them.
  public OptionalLong exceeded(Observable observable) {
    return switch (observable) {
      case Observable.Memory(var name, var word) when !memoryGrows -> exceeded(name, word);
      case Observable.File(var name, var word) when !filesGrow -> exceeded(name, word);
      default -> OptionalLong.empty();
    };
  }

  private OptionalLong exceeded(String name, long word) {
    Long length = bytes.get(name);
    return length != null && word > 0 && word >= length / Constants.WORD
        ? OptionalLong.of(length)
        : OptionalLong.empty();
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
        .flatMap(Reach::calls);
  }

  private static Stream<Call> calls(Statement statement) {
    return switch (statement) {
      case Statement.Assign(_, Call call, _) -> Stream.of(call);
      case Statement.Assign _ -> Stream.empty();
      case Statement.If(_, var then, var otherwise, _) ->
          Stream.concat(calls(then), calls(otherwise));
      case Statement.While(_, var body, _) -> calls(body);
      case Statement.Block(var statements, _) -> statements.stream().flatMap(Reach::calls);
    };
  }
}
