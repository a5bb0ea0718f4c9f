package shootdown.litmus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import shootdown.litmus.SystemCall.Where;

/// Checks one call against its signature.
final class CallChecker {
  /// How many arguments a futex operation needs, by its number without flags.
  private static final Map<Long, Integer> FUTEX_ARGUMENTS =
      Map.of(0L, 3, 1L, 3, 3L, 5, 4L, 6, 5L, 6);

  /// The fields of a request's struct, in their order, but for those that the kernel fills.
  private static final Map<String, List<String>> UFFD_FIELDS =
      Map.of(
          "UFFDIO_REGISTER", List.of("start", "len", "mode"),
          "UFFDIO_UNREGISTER", List.of("start", "len"),
          "UFFDIO_WAKE", List.of("start", "len"),
          "UFFDIO_COPY", List.of("dst", "src", "len", "mode"),
          "UFFDIO_ZEROPAGE", List.of("start", "len", "mode"),
          "UFFDIO_WRITEPROTECT", List.of("start", "len", "mode"));

  private static final long FUTEX_COMMAND_MASK = 127;

  private final Where where;
  private final Map<String, GlobalKind> globals;
  private final Diagnostics diagnostics;

  CallChecker(Where where, Map<String, GlobalKind> globals, Diagnostics diagnostics) {
    this.where = where;
    this.globals = globals;
    this.diagnostics = diagnostics;
  }

  void check(Call call) {
    SystemCall function = call.function();
    if (!function.where().includes(where)) {
      diagnostics.add(call.at(), function.functionName() + "() may stand in "
          + function.where().label() + " only");
      return;
    }
    List<Parameter> parameters = function.parameters();
    int count = call.arguments().size();
    if (count < function.requiredArguments() || count > parameters.size()) {
      diagnostics.add(call.at(), function.signature() + " takes " + arguments(function)
          + ", found " + count);
      return;
    }
    for (int i = 0; i < count; i++) {
      Parameter parameter = isOffsetInMemory(call, i)
          ? new Parameter(parameters.get(i).name(), Parameter.Kind.ADDRESS) : parameters.get(i);
      new ArgumentChecker(function, parameter, globals, diagnostics)
          .check(call.arguments().get(i));
    }
    switch (function) {
      case FUTEX -> futex(call);
      case PREAD, PWRITE, READ -> registerBuffer(call);
      case IOCTL -> ioctl(call);
      default -> { }
    }
  }

  /// Offsets in /proc/self/mem are addresses.
  private boolean isOffsetInMemory(Call call, int i) {
    return call.function().parameters().get(i).kind() == Parameter.Kind.OFFSET
        && call.arguments().getFirst() instanceof Expression descriptor
        && GlobalKinds.kindOf(descriptor, globals).equals(Optional.of(GlobalKind.MEMORY));
  }

  private static String arguments(SystemCall function) {
    int most = function.parameters().size();
    int least = function.requiredArguments();
    String range = least == most ? "" + most : least + " to " + most;
    return (most == 0 ? "no" : range) + (most == 1 ? " argument" : " arguments");
  }

  private void futex(Call call) {
    OptionalLong operation = constant(call.arguments().get(1));
    if (operation.isEmpty()) {
      return;
    }
    int count = call.arguments().size();
    int needed = FUTEX_ARGUMENTS.getOrDefault(operation.getAsLong() & FUTEX_COMMAND_MASK, 0);
    if (count < needed) {
      String missing = call.function().parameters().subList(count, needed).stream()
          .map(Parameter::name).collect(Collectors.joining(", "));
      diagnostics.add(call.arguments().get(1).at(),
          "this futex operation needs " + needed + " arguments: add " + missing);
    }
  }

  /// The request is a name, and says which fields follow.
  private void ioctl(Call call) {
    Argument request = call.arguments().get(1);
    String name = request instanceof Expression.Constant(var constant, _, _) ? constant : "";
    List<String> fields = UFFD_FIELDS.getOrDefault(name, List.of());
    if (fields.isEmpty()) {
      diagnostics.add(request.at(), "the request of ioctl() is one of UFFDIO_*, by name");
    } else if (call.arguments().size() != 2 + fields.size()) {
      diagnostics.add(request.at(), name + " has these fields: " + String.join(", ", fields));
    } else {
      for (Argument field : call.arguments().subList(2, 2 + fields.size())) {
        modes(field, name);
      }
    }
  }

  /// A mode is one of the request.
  private void modes(Argument field, String request) {
    switch (field) {
      case Expression.Constant(var mode, _, var at) -> {
        boolean isMode = Constants.of(mode).orElseThrow().family() == Family.UFFD_MODE;
        if (isMode && !mode.startsWith(request + "_MODE_")) {
          diagnostics.add(at, mode + " is no mode of " + request);
        }
      }
      case Expression.Unary(_, var operand, _) -> modes(operand, request);
      case Expression.Binary(_, var left, var right, _) -> {
        modes(left, request);
        modes(right, request);
      }
      case Expression _, Argument.Buffer _, Argument.Child _ -> { }
    }
  }

  private void registerBuffer(Call call) {
    OptionalLong length = constant(call.arguments().get(2));
    boolean fits = length.isEmpty() || length.getAsLong() == Constants.WORD;
    if (call.arguments().get(1) instanceof Argument.Buffer(var name, _) && !fits) {
      diagnostics.add(call.arguments().get(2).at(),
          "the register " + Token.quoted(name) + " holds one WORD (8 bytes)");
    }
  }

  private static OptionalLong constant(Argument argument) {
    return switch (argument) {
      case Expression expression -> Evaluation.constant(expression);
      case Argument.Buffer _, Argument.Child _ -> OptionalLong.empty();
    };
  }
}
