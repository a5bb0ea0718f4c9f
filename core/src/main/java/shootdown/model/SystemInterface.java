package shootdown.model;

import java.util.List;
import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.litmus.SystemCall;
import shootdown.sched.Word;

/// What a thread can do to the world: access memory, and call the system.
interface SystemInterface {
  /// @param value what was loaded, if `signal` is 0
  /// @param signal number of the signal that the access raised, 0 for none
  record Loaded(long value, int signal) {}

  Loaded load(Current me, long address);

  /// @return number of the signal that the access raised, 0 for none
  int store(Current me, long address, long value);

  /// @return the result, or -ERRNO
  long call(Current me, SystemCall function, List<Given> arguments);

  /// @return number of the signal that ends the thread as it comes back from a system call, 0 for
  ///     none
  int pending(Current me);

  /// An argument of a system call.
  ///
  /// @param value a number, an address, a thread's number
  /// @param register where `&r1` points; empty otherwise
  record Given(long value, Optional<Word> register) {
    static Given number(long value) {
      return new Given(value, Optional.empty());
    }

    static Given buffer(Word register) {
      return new Given(0, Optional.of(register));
    }
  }
}
