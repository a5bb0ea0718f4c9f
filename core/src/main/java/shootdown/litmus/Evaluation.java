package shootdown.litmus;

import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/// Computes expressions, from left to right, as 64-bit signed words.
public final class Evaluation {
  private Evaluation() {}

  /// What an expression's value depends on.
  public interface Environment {
    /// The value that the initial state gave this name: an address, a descriptor or a number.
    long global(String name);

    /// A constant: its value, unless the environment is smaller than Linux's.
    default long constant(Expression.Constant constant) {
      return constant.value();
    }

    /// A register of the thread.
    long register(String name);

    /// Loads the word at this address.
    long load(long address);

    /// The caller's thread identifier.
    long threadId();
  }

  /// The value. `&&` and `||` skip their right side as in C.
  public static long of(Expression expression, Environment environment) {
    return switch (expression) {
      case Expression.Literal(var value, _) -> value;
      case Expression.Constant constant -> environment.constant(constant);
      case Expression.Global(var name, _) -> environment.global(name);
      case Expression.Register(var name, _) -> environment.register(name);
      case Expression.Load(var place, _) -> environment.load(of(place.address(), environment));
      case Expression.Unary(var operator, var operand, _) ->
          operator.apply(of(operand, environment));
      case Expression.Binary binary -> ofBinary(binary, environment);
      case Expression.FutexOp(var op, var oparg, var cmp, var cmparg, _) ->
          Expression.FutexOp.pack(of(op, environment), of(oparg, environment),
              of(cmp, environment), of(cmparg, environment));
      case Expression.ThreadId _ -> environment.threadId();
    };
  }

  private static long ofBinary(Expression.Binary binary, Environment environment) {
    long left = of(binary.left(), environment);
    boolean decided = switch (binary.operator()) {
      case AND_THEN -> left == 0;
      case OR_ELSE -> left != 0;
      default -> false;
    };
    if (decided) {
      return left == 0 ? 0 : 1;
    }
    return binary.operator().apply(left, of(binary.right(), environment));
  }

  /// The value of an expression that is made of literals and constants alone; otherwise empty.
  public static OptionalLong constant(Expression expression) {
    return constant(expression, Constants.HPAGE);
  }

  /// As [#constant(Expression)] where `HPAGE` is so many bytes.
  public static OptionalLong constant(Expression expression, long hugePage) {
    try {
      return OptionalLong.of(of(expression, new NoEnvironment(hugePage)));
    } catch (NotConstant _) {
      return OptionalLong.empty();
    }
  }

  static long ofConditionValue(Expression value, ToLongFunction<Observable> valuation) {
    return of(value, new BoundNames(valuation));
  }

  /// Thrown by an environment that has no such thing; never leaves this package.
  static final class NotConstant extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotConstant() {
      super("not constant", null, false, false);
    }
  }

  /// Knows the names of the initial state and nothing else.
  private record BoundNames(ToLongFunction<Observable> valuation) implements Environment {
    @Override
    public long global(String name) {
      return valuation.applyAsLong(new Observable.Bound(name));
    }

    @Override
    public long register(String name) {
      throw new NotConstant();
    }

    @Override
    public long load(long address) {
      throw new NotConstant();
    }

    @Override
    public long threadId() {
      throw new NotConstant();
    }
  }

  private record NoEnvironment(long hugePage) implements Environment {
    @Override
    public long constant(Expression.Constant constant) {
      return constant.name().equals("HPAGE") ? hugePage : constant.value();
    }

    @Override
    public long global(String name) {
      throw new NotConstant();
    }

    @Override
    public long register(String name) {
      throw new NotConstant();
    }

    @Override
    public long load(long address) {
      throw new NotConstant();
    }

    @Override
    public long threadId() {
      throw new NotConstant();
    }
  }
}
