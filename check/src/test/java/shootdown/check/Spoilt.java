package shootdown.check;

import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Queue;
import shootdown.check.Branches.Branch;

/// What classes with a [Fault] call: the wrong thing now and then, chosen by a hash of what it is
/// about, so that it is the same each time.
final class Spoilt {
  private static final long STEPS = 10_000;
  private static final long WAITS = 500;
  private static final long BRANCHES = 200;

  /// Of [#isKept] and [#isWoken].
  static final MethodTypeDesc ANSWER =
      type(boolean.class, boolean.class, Stepper.class, Automaton.class, int.class);

  /// Of [#add].
  static final MethodTypeDesc ADD = type(boolean.class, Queue.class, Object.class);

  private Spoilt() {}

  /// Whether a task can go on: not always when it can.
  static boolean isKept(boolean can, Stepper state, Automaton known, int task) {
    return can && !isOneIn(STEPS, state.fingerprint + 31 * task);
  }

  /// The same for those that wait.
  static boolean isWoken(boolean can, Stepper state, Automaton known, int task) {
    int code = known.code[state.at[task]];
    boolean waits = code == Code.AWAIT || code == Code.SLEEP || code == Code.LOCK;
    return can && !(waits && isOneIn(WAITS, state.fingerprint + 31 * task));
  }

  /// Adds most branches.
  static boolean add(Queue<Branch> waiting, Object branch) {
    var given = (Branch) branch;
    long way = 31L * Arrays.hashCode(given.tasks()) + Arrays.hashCode(given.choices());
    return given.tasks().length > 0 && isOneIn(BRANCHES, way) || waiting.add(given);
  }

  private static MethodTypeDesc type(Class<?> result, Class<?>... arguments) {
    return MethodType.methodType(result, arguments).describeConstable().orElseThrow();
  }

  private static boolean isOneIn(long many, long what) {
    return Long.remainderUnsigned(Fingerprints.mix(what), many) == 0;
  }
}
