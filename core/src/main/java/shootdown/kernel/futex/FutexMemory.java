package shootdown.kernel.futex;

import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.gup.Uaccess;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;

/// The 32-bit word of user memory that is the futex. Values are 0 … 2^32-1; an empty result is
/// -EFAULT. What is called "locked" is done under a bucket's lock, with page faults disabled.
final class FutexMemory {
  private static final long U32 = 0xffffffffL;
  private static final int U32_BITS = 32;

  private final KernelData data;
  private final Gup gup;
  private final Uaccess uaccess;
  private final FutexFaultIn faultIn;

  FutexMemory(KernelData data, Decisions decisions, Gup gup, Uaccess uaccess) {
    this.data = data;
    this.gup = gup;
    this.uaccess = uaccess;
    this.faultIn = decisions.get(FutexFaultIn.class);
  }

  /// `get_user()`: page faults are handled, and the address may be any.
  OptionalLong getUser(Current me, long uaddr) {
    return data.steps()
        .scope(
            () -> {
              int bit = (int) (uaddr - word(uaddr)) * Byte.SIZE;
              var first = uaccess.getUser(me, word(uaddr));
              if (first.isEmpty() || bit <= U32_BITS) {
                return low(first, bit);
              }
              var second = uaccess.getUser(me, word(uaddr) + Layout.WORD_SIZE);
              return second.isEmpty()
                  ? second
                  : OptionalLong.of(
                      (first.getAsLong() >>> bit | second.getAsLong() << -bit) & U32);
            });
  }

  private static OptionalLong low(OptionalLong word, int bit) {
    return word.isPresent() ? OptionalLong.of(word.getAsLong() >>> bit & U32) : word;
  }

  @Models(file = "kernel/futex/core.c", function = "futex_get_value_locked")
  OptionalLong getValueLocked(Current me, long uaddr) {
    return data.steps()
        .call(
            "futex_get_value_locked",
            () -> half(uaddr, uaccess.getUserInatomic(me, word(uaddr))));
  }

  /// Tells the value before; it was replaced if that is `expected`.
  @Models(file = "kernel/futex/core.c", function = "futex_cmpxchg_value_locked")
  OptionalLong cmpxchgValueLocked(Current me, long uaddr, long expected, long update) {
    return updateLocked(
        "futex_cmpxchg_value_locked", me, uaddr, value -> value == expected ? update : value);
  }

  /// Replaces the value atomically; tells the value before.
  OptionalLong updateLocked(
      String function, Current me, long uaddr, LongUnaryOperator newValue) {
    return data.steps()
        .call(
            function,
            () ->
                half(
                    uaddr,
                    uaccess.updateInatomic(
                        me,
                        word(uaddr),
                        whole ->
                            whole & ~(U32 << shift(uaddr))
                                | (newValue.applyAsLong(half(uaddr, whole)) & U32)
                                    << shift(uaddr))));
  }

  /// Mends the fault of a locked access; 0 or -EFAULT. Without the bucket's lock.
  @Models(file = "kernel/futex/core.c", function = "fault_in_user_writeable")
  long faultInUserWriteable(Current me, long uaddr) {
    return data.steps()
        .call(
            "fault_in_user_writeable",
            () -> {
              if (uaddr < 0 || uaddr / Layout.PAGE_SIZE >= data.layout().pages()) {
                return Errno.EFAULT.result();
              }
              if (faultIn == FutexFaultIn.GET_USER) {
                return getUser(me, uaddr).isPresent() ? 0L : Errno.EFAULT.result();
              }
              int vpn = (int) (uaddr / Layout.PAGE_SIZE);
              var mm = data.mm(me.mm());
              mm.mmapLock().readLock();
              long result = faultIn.faultIn(data, gup, me, mm, vpn);
              mm.mmapLock().readUnlock();
              return result;
            });
  }

  private static OptionalLong half(long uaddr, OptionalLong whole) {
    return low(whole, shift(uaddr));
  }

  private static long half(long uaddr, long whole) {
    return whole >>> shift(uaddr) & U32;
  }

  /// Little endian: the half at the lower address is the lower one.
  private static int shift(long uaddr) {
    return (uaddr & 4) != 0 ? U32_BITS : 0;
  }

  private static long word(long uaddr) {
    return uaddr & -Layout.WORD_SIZE;
  }
}
