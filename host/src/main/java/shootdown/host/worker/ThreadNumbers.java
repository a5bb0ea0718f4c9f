package shootdown.host.worker;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import shootdown.litmus.Call;
import shootdown.litmus.Constants;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.SystemCall;

/// What a futex with an owner holds is the number of a thread, and that is another one in the model
/// than here. As long as it is only looked at, it can be told what it is; what FUTEX_WAKE_OP makes
/// of it cannot.
final class ThreadNumbers {
  private static final long PRIVATE = value("FUTEX_PRIVATE_FLAG");
  private static final Set<Long> CHANGES = Set.of(value("FUTEX_WAKE_OP"));
  private static final Set<Long> LOCKS =
      Set.of(value("FUTEX_LOCK_PI"), value("FUTEX_TRYLOCK_PI"), value("FUTEX_LOCK_PI2"));
  private static final int OPERATION = 1;
  private static final int ADDRESS = 0;
  private static final int CHANGED_ADDRESS = 4;

  private ThreadNumbers() {}

  private static long value(String constant) {
    return Constants.of(constant).orElseThrow().value();
  }

  /// @throws Unrunnable if the test reckons with the number of a thread
  static void mustNotBeReckonedWith(LitmusTest test) {
    var calls = Functions.calls(test);
    var owned = words(calls, LOCKS, ADDRESS);
    var changed = words(calls, CHANGES, CHANGED_ADDRESS);
    boolean both =
        owned.stream()
            .anyMatch(
                o -> changed.stream().anyMatch(c -> o.isEmpty() || c.isEmpty() || o.equals(c)));
    if (both) {
      throw new Unrunnable(
          "FUTEX_WAKE_OP reckons with the number of the thread that owns a futex, which is another"
              + " one here than in the model");
    }
  }

  /// The words that futex() is given for some operations; empty where that is not known beforehand.
  private static List<Optional<FixedWords.Word>> words(
      List<Call> calls, Set<Long> operations, int argument) {
    return calls.stream()
        .filter(call -> call.function() == SystemCall.FUTEX && is(call, operations))
        .map(call -> word(call, argument))
        .distinct()
        .toList();
  }

  private static boolean is(Call call, Set<Long> operations) {
    var number =
        call.arguments().get(OPERATION) instanceof Expression e
            ? Evaluation.constant(e)
            : OptionalLong.empty();
    return number.isEmpty() || operations.contains(number.getAsLong() & ~PRIVATE);
  }

  private static Optional<FixedWords.Word> word(Call call, int argument) {
    return argument < call.arguments().size()
            && call.arguments().get(argument) instanceof Expression address
        ? FixedWords.word(address)
        : Optional.empty();
  }
}
