package shootdown.litmus;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import shootdown.litmus.Parameter.Kind;

/// Checks one argument against its parameter: what kind of value it is, and that its constants
/// are those that the man page lists there.
final class ArgumentChecker {
  private static final int MOST_ROOM = 64;

  private final SystemCall function;
  private final Parameter parameter;
  private final Map<String, GlobalKind> globals;
  private final Diagnostics diagnostics;

  ArgumentChecker(SystemCall function, Parameter parameter, Map<String, GlobalKind> globals,
      Diagnostics diagnostics) {
    this.function = function;
    this.parameter = parameter;
    this.globals = globals;
    this.diagnostics = diagnostics;
  }

  void check(Argument argument) {
    switch (argument) {
      case Argument.Buffer(_, var at) -> {
        if (parameter.kind() != Kind.BUFFER) {
          diagnostics.add(at, "'&' stands only where a system call takes a buffer: " + takes());
        }
      }
      case Argument.Child(var number, var at) -> {
        if (parameter.kind() != Kind.CHILD || number < 0) {
          diagnostics.add(at, takes());
        }
      }
      case Expression expression -> value(expression);
    }
  }

  private String takes() {
    return "argument '" + parameter.name() + "' of " + function.functionName() + "() takes "
        + parameter.kind().label();
  }

  private void value(Expression expression) {
    if (parameter.kind() == Kind.CHILD) {
      diagnostics.add(expression.at(), takes());
      return;
    }
    Optional<GlobalKind> kind = GlobalKinds.kindOf(expression, globals);
    if (kind.isPresent() && !accepts(kind.get(), expression)) {
      diagnostics.add(expression.at(), describe(kind.get()) + takes());
      return;
    }
    if (parameter.kind() == Kind.ROOM && !isRoom(expression)) {
      diagnostics.add(expression.at(), takes());
    }
    constants(expression);
  }

  private static boolean isRoom(Expression expression) {
    long pages = Evaluation.constant(expression).orElse(0);
    return pages >= 1 && pages <= MOST_ROOM;
  }

  private boolean accepts(GlobalKind kind, Expression expression) {
    return switch (parameter.kind()) {
      case ADDRESS, BUFFER -> kind == GlobalKind.ADDRESS || kind == GlobalKind.NUMBER;
      case DESCRIPTOR -> kind == GlobalKind.FILE || isMinusOne(expression);
      case FILE_OR_MEMORY ->
          kind == GlobalKind.FILE || kind == GlobalKind.MEMORY || isMinusOne(expression);
      case PIPE_END -> kind == GlobalKind.PIPE || isMinusOne(expression);
      case READABLE ->
          kind == GlobalKind.PIPE || kind == GlobalKind.USERFAULTFD || isMinusOne(expression);
      case UFFD -> kind == GlobalKind.USERFAULTFD || isMinusOne(expression);
      case UFFD_FIELD -> kind == GlobalKind.ADDRESS || kind == GlobalKind.NUMBER;
      case PATH -> kind == GlobalKind.FILE || isMemory(expression);
      case CHILD -> false;
      case LENGTH, OFFSET, PROT, MAP_FLAGS, MREMAP_FLAGS, MSYNC_FLAGS, MADVISE_ADVICE,
          FADVISE_ADVICE, SYNC_RANGE_FLAGS, OPEN_FLAGS, SPLICE_FLAGS, FUTEX_COMMAND, NUMBER,
          ROOM, TIMEOUT_OR_NUMBER, NUMBER_OR_OPERATION, UFFD_FLAGS, UFFD_REQUEST ->
          kind == GlobalKind.NUMBER;
    };
  }

  private static boolean isMinusOne(Expression expression) {
    OptionalLong value = Evaluation.constant(expression);
    return value.isPresent() && value.getAsLong() == -1;
  }

  private static boolean isMemory(Expression expression) {
    return expression instanceof Expression.Constant(var name, _, _)
        && name.equals(Constants.PROC_SELF_MEM);
  }

  private static String describe(GlobalKind kind) {
    return kind == GlobalKind.NUMBER ? "" : "this is " + kind.label() + "; ";
  }

  private void constants(Expression expression) {
    switch (expression) {
      case Expression.Constant(var name, _, var at) -> constant(name, at);
      case Expression.Unary(_, var operand, _) -> constants(operand);
      case Expression.Binary(_, var left, var right, _) -> {
        constants(left);
        constants(right);
      }
      case Expression.FutexOp futexOp -> {
        if (parameter.kind() == Kind.NUMBER_OR_OPERATION) {
          new FutexOpChecker(diagnostics).check(futexOp);
        } else {
          diagnostics.add(futexOp.at(), takes());
        }
      }
      case Expression.Literal _, Expression.Global _, Expression.Register _,
          Expression.Load _, Expression.ThreadId _ -> { }
    }
  }

  private void constant(String name, Position at) {
    Family family = Constants.of(name).orElseThrow().family();
    if (!parameter.kind().accepts(family)) {
      diagnostics.add(at, name + " does not fit here: " + takes());
    }
  }
}
