package shootdown.kernel.futex;

import java.util.List;
import java.util.OptionalLong;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.gup.GupFast;
import shootdown.kernel.gup.Uaccess;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Machine;
import shootdown.sched.View;
import shootdown.sched.Violation;

/// The system call futex().
public final class Futex {
  public static final int FUTEX_WAIT = 0;
  public static final int FUTEX_WAKE = 1;
  public static final int FUTEX_REQUEUE = 3;
  public static final int FUTEX_CMP_REQUEUE = 4;
  public static final int FUTEX_WAKE_OP = 5;
  public static final int FUTEX_LOCK_PI = 6;
  public static final int FUTEX_UNLOCK_PI = 7;
  public static final int FUTEX_TRYLOCK_PI = 8;
  public static final int FUTEX_WAIT_BITSET = 9;
  public static final int FUTEX_WAKE_BITSET = 10;
  public static final int FUTEX_WAIT_REQUEUE_PI = 11;
  public static final int FUTEX_CMP_REQUEUE_PI = 12;
  public static final int FUTEX_LOCK_PI2 = 13;
  public static final int FUTEX_PRIVATE_FLAG = 128;
  public static final int FUTEX_CLOCK_REALTIME = 256;
  public static final int FUTEX_BITSET_MATCH_ANY = -1;

  private final KernelData data;
  private final boolean storesWait;
  private final FutexQueues queues;
  private final WaitWake waitWake;
  private final Requeue requeue;
  private final PiFutex pi;
  private final WakeOpArguments wakeOp;

  /// @param threads how many threads a test has, children included; their tids are 1 … threads
  public Futex(
      KernelData data,
      Decisions decisions,
      Gup gup,
      GupFast gupFast,
      Uaccess uaccess,
      int threads) {
    this.data = data;
    this.storesWait = letsStoresWait(decisions);
    this.wakeOp = decisions.get(WakeOpArguments.class);
    var keys = new FutexKeys(data, decisions, gupFast);
    var memory = new FutexMemory(data, decisions, gup, uaccess);
    this.queues = new FutexQueues(data, decisions, threads);
    this.waitWake = new WaitWake(data, keys, memory, queues);
    this.requeue = new Requeue(data.steps(), decisions, keys, memory, queues);
    this.pi = new PiFutex(data.steps(), decisions, keys, memory, queues);
  }

  /// Whether stores can wait in a store buffer while the kernel is in a wake of a private futex, as
  /// there is no fence and no lock before it looks whether anybody waits.
  public static boolean letsStoresWait(Decisions decisions) {
    return decisions.get(HbWaiters.class) != HbWaiters.NOT_COUNTED
        && decisions.get(FutexKeyBarrier.class) == FutexKeyBarrier.SHARED_KEYS;
  }

  /// futex(uaddr, op, val, timeout or val2, uaddr2, val3).
  ///
  /// @param uaddr byte address of the 32-bit word
  /// @param op FUTEX_*, with or without FUTEX_PRIVATE_FLAG
  /// @param timeout for FUTEX_WAIT: 0 (NULL) to wait for ever, else the wait may time out at any
  ///     moment, for time does not pass in the model; for REQUEUE and WAKE_OP: val2
  /// @return as the manual page says, or -errno
  @Models(
      file = "kernel/futex/syscalls.c",
      function = "do_futex",
      leavesOut = "bit sets other than MATCH_ANY, *_REQUEUE_PI: stated limits; futex_waitv()")
  public long futex(
      Current me, long uaddr, int op, int val, long timeout, long uaddr2, int val3) {
    boolean shared = (op & FUTEX_PRIVATE_FLAG) == 0;
    int val2 = (int) timeout;
    int command = op & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
    boolean isWake = command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET;
    if (shared || !isWake || !storesWait) {
      data.machine().storeBuffers().drain(me.cpu());
    }
    if ((op & FUTEX_CLOCK_REALTIME) != 0 && !takesClock(command)) {
      return Errno.ENOSYS.result();
    }
    return switch (command) {
      case FUTEX_WAIT -> waitWake.wait(me, uaddr, shared, unsigned(val), timeout != 0);
      case FUTEX_WAIT_BITSET ->
          matchesAny(val3)
              ? waitWake.wait(me, uaddr, shared, unsigned(val), timeout != 0)
              : Errno.EINVAL.result();
      case FUTEX_WAKE -> waitWake.wake(me, uaddr, shared, val);
      case FUTEX_WAKE_BITSET ->
          matchesAny(val3)
              ? waitWake.wake(me, uaddr, shared, val)
              : Errno.EINVAL.result();
      case FUTEX_REQUEUE ->
          requeue.requeue(me, uaddr, uaddr2, shared, val, val2, OptionalLong.empty());
      case FUTEX_CMP_REQUEUE ->
          requeue.requeue(me, uaddr, uaddr2, shared, val, val2, OptionalLong.of(unsigned(val3)));
      case FUTEX_WAKE_OP ->
          waitWake.wakeOp(me, uaddr, uaddr2, shared, val, val2, new WakeOp(val3, wakeOp));
      case FUTEX_LOCK_PI, FUTEX_LOCK_PI2 -> lockPi(me, uaddr, shared, timeout);
      case FUTEX_UNLOCK_PI -> pi.unlock(me, uaddr, shared);
      case FUTEX_TRYLOCK_PI -> pi.lock(me, uaddr, shared, PiFutex.IfHeld.FAIL);
      case FUTEX_WAIT_REQUEUE_PI, FUTEX_CMP_REQUEUE_PI ->
          throw limit("FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI are not modelled");
      default -> Errno.ENOSYS.result();
    };
  }

  private static boolean takesClock(int command) {
    return command == FUTEX_WAIT_BITSET
        || command == FUTEX_WAIT_REQUEUE_PI
        || command == FUTEX_LOCK_PI2;
  }

  /// Whether a bit set is the full one; none is none that Linux takes.
  private boolean matchesAny(int bitset) {
    if (bitset != 0 && bitset != FUTEX_BITSET_MATCH_ANY) {
      throw limit("a futex operation on some bits");
    }
    return bitset != 0;
  }

  private RuntimeException limit(String what) {
    return data.steps().fail(new Violation(Machine.LIMIT, what));
  }

  private long lockPi(Current me, long uaddr, boolean shared, long timeout) {
    if (timeout != 0) {
      throw limit("a timeout of FUTEX_LOCK_PI is not modelled");
    }
    return pi.lock(me, uaddr, shared, PiFutex.IfHeld.BLOCK);
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }

  /// Threads that are queued on a futex when memory is as in `view`, by tid. One that was given its
  /// PI futex is among them until it runs.
  public List<Integer> waiting(View view) {
    return queues.waiting(view).stream().map(FutexQ::tid).sorted().toList();
  }
}
