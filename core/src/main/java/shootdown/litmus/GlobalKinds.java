package shootdown.litmus;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds out what the names of an initial state stand for.
final class GlobalKinds {
  private static final Set<SystemCall> FILES = EnumSet.of(SystemCall.FILE, SystemCall.MEMFD);

  private GlobalKinds() {}

  static Map<String, GlobalKind> of(List<Statement> init) {
    Map<String, GlobalKind> kinds = new LinkedHashMap<>();
    for (Statement statement : init) {
      if (statement instanceof Statement.Assign(var target, var source, _)) {
        bind(target, source, kinds);
      }
    }
    return Collections.unmodifiableMap(kinds);
  }

  private static void bind(Target target, Source source, Map<String, GlobalKind> kinds) {
    if (source instanceof Call call && call.function().fillsBuffers()) {
      for (Argument argument : call.arguments()) {
        if (argument instanceof Argument.Buffer(var name, _)) {
          kinds.putIfAbsent(name, GlobalKind.NUMBER);
        }
      }
    }
    if (target instanceof Target.Register(var name, _)) {
      kinds.putIfAbsent(name, kindOf(source, kinds).orElse(GlobalKind.NUMBER));
    }
  }

  private static Optional<GlobalKind> kindOf(Source source, Map<String, GlobalKind> kinds) {
    return switch (source) {
      case Call call when FILES.contains(call.function()) -> Optional.of(GlobalKind.FILE);
      case Call call when call.function() == SystemCall.PIPE -> Optional.of(GlobalKind.PIPE);
      case Call call when call.function() == SystemCall.USERFAULTFD ->
          Optional.of(GlobalKind.USERFAULTFD);
      case Call call when call.function() == SystemCall.OPEN -> Optional.of(opened(call));
      case Call call when call.function().returnsAddress() -> Optional.of(GlobalKind.ADDRESS);
      case Call _ -> Optional.of(GlobalKind.NUMBER);
      case Expression expression -> kindOf(expression, kinds);
    };
  }

  private static GlobalKind opened(Call call) {
    return !call.arguments().isEmpty()
            && call.arguments().getFirst() instanceof Expression.Constant(var name, _, _)
            && name.equals(Constants.PROC_SELF_MEM)
        ? GlobalKind.MEMORY
        : GlobalKind.FILE;
  }

  /// What the value of an expression is; empty where only an execution can tell.
  static Optional<GlobalKind> kindOf(Expression expression, Map<String, GlobalKind> globals) {
    return switch (expression) {
      case Expression.Global(var name, _) -> Optional.ofNullable(globals.get(name));
      case Expression.Register _, Expression.Load _ -> Optional.empty();
      case Expression.Binary binary -> kindOfBinary(binary, globals);
      case Expression.Literal _, Expression.Constant _, Expression.Unary _,
          Expression.FutexOp _, Expression.ThreadId _ -> Optional.of(GlobalKind.NUMBER);
    };
  }

  private static Optional<GlobalKind> kindOfBinary(
      Expression.Binary binary, Map<String, GlobalKind> globals) {
    Optional<GlobalKind> left = kindOf(binary.left(), globals);
    Optional<GlobalKind> right = kindOf(binary.right(), globals);
    boolean sum = binary.operator() == BinaryOperator.ADD;
    boolean difference = binary.operator() == BinaryOperator.SUBTRACT;
    if (!sum && !difference || left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    boolean leftAddress = left.get() == GlobalKind.ADDRESS;
    boolean rightAddress = right.get() == GlobalKind.ADDRESS;
    if (leftAddress && rightAddress) {
      return difference ? Optional.of(GlobalKind.NUMBER) : Optional.empty();
    }
    return leftAddress || rightAddress && sum ? Optional.of(GlobalKind.ADDRESS) : left;
  }
}
