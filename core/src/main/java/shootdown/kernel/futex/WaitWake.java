package shootdown.kernel.futex;

import java.util.function.LongFunction;
import java.util.function.Supplier;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FutexGround;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.futex.FutexKeys.Access;
import shootdown.machine.StoreBuffers;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// FUTEX_WAIT, FUTEX_WAKE and FUTEX_WAKE_OP.
final class WaitWake {
  private final Steps steps;
  private final FutexKeys keys;
  private final FutexMemory memory;
  private final FutexQueues queues;
  private final StoreBuffers storeBuffers;

  WaitWake(KernelData data, FutexKeys keys, FutexMemory memory, FutexQueues queues) {
    this.steps = data.steps();
    this.storeBuffers = data.machine().storeBuffers();
    this.keys = keys;
    this.memory = memory;
    this.queues = queues;
  }

  /// How reading the word under the lock turned out.
  private enum Setup {
    QUEUED,
    CHANGED,
    FAULTED
  }

  /// Sleeps until woken, if the word is `val`.
  ///
  /// @param timed whether the wait may time out
  @Models(
      file = "kernel/futex/waitwake.c",
      function = "futex_wait",
      leavesOut = "signals; bit sets; a timeout may expire at any moment, and always expires")
  long wait(Current me, long uaddr, boolean shared, long val, boolean timed) {
    return steps.call(
        "futex_wait",
        () -> {
          long failure = setup(me, uaddr, shared, val);
          if (failure != 0) {
            return failure;
          }
          if (!timed) {
            queues.sleep(me);
            return 0L;
          }
          return queues.unqueue(me) ? Errno.ETIMEDOUT.result() : 0L;
        });
  }

  /// Checks the word and queues, both under the bucket's lock; 0, or -errno if not queued.
  @Models(file = "kernel/futex/waitwake.c", function = "futex_wait_setup")
  private long setup(Current me, long uaddr, boolean shared, long val) {
    return steps.call(
        "futex_wait_setup",
        () ->
            steps.retry(
                "retry",
                () ->
                    switch (keys.get(me, uaddr, shared, Access.READ)) {
                      case KeyLookup.None(var errno) -> Turn.done(errno.result());
                      case FutexKey key -> setup(me, uaddr, key, val);
                    }));
  }

  private Turn<Boolean, Long> setup(Current me, long uaddr, FutexKey key, long val) {
    return switch (checkAndQueue(me, uaddr, key, val)) {
      case QUEUED -> Turn.done(0L);
      case CHANGED -> Turn.done(Errno.EAGAIN.result());
      case FAULTED ->
          // a plain get_user(): the value does not matter, it is read again under the lock
          steps.scope(() -> memory.getUser(me, uaddr).isPresent())
              ? Turn.again(true)
              : Turn.done(Errno.EFAULT.result());
    };
  }

  private Setup checkAndQueue(Current me, long uaddr, FutexKey key, long val) {
    return steps.scope(
        () -> {
          var hb = queues.lockToQueue(key);
          var result =
              steps.scope(
                  () -> {
                    var now = memory.getValueLocked(me, uaddr);
                    if (now.isEmpty()) {
                      return Setup.FAULTED;
                    }
                    return steps.recheck("value", () -> now.getAsLong() == val)
                        ? Setup.QUEUED
                        : Setup.CHANGED;
                  });
          if (result == Setup.QUEUED) {
            queues.queue(me, hb, new FutexQ(me.tid(), 0, key));
            queues.waits(me, key.at(me, uaddr));
            hb.lock().unlock();
          } else {
            queues.unlockNotQueued(hb);
          }
          return result;
        });
  }

  /// Wakes up to `nrWake` waiters; tells how many.
  @Models(
      file = "kernel/futex/waitwake.c",
      function = "futex_wake",
      leavesOut = "bit sets")
  long wake(Current me, long uaddr, boolean shared, int nrWake) {
    return steps.call(
        "futex_wake",
        () ->
            switch (keys.get(me, uaddr, shared, Access.READ)) {
              case KeyLookup.None(var errno) -> errno.result();
              case FutexKey key -> wake(me, key, key.at(me, uaddr), nrWake);
            });
  }

  private long wake(Current me, FutexKey key, FutexGround.At futex, int nrWake) {
    var hb = queues.bucket(key);
    if (!queues.isAnybodyWaiting(me, hb, futex)) {
      return 0;
    }
    storeBuffers.drain(me.cpu());
    hb.lock().lock();
    long woken = wakeAll(hb, key, nrWake);
    queues.wakeEnds(me, futex, isRoom(woken, nrWake));
    hb.lock().unlock();
    return woken;
  }

  private static boolean isRoom(long woken, int nrWake) {
    return woken >= 0 && woken < Math.max(1, nrWake);
  }

  /// Wakes up to `nrWake` waiters, at least one; tells how many, or -EINVAL for a PI futex.
  private long wakeAll(HashBucket hb, FutexKey key, int nrWake) {
    return steps.loop(
        "wake",
        0L,
        woken -> {
          var at = hb.next(0, q -> q.key().equals(key));
          if (at.isEmpty()) {
            return Turn.done(woken);
          }
          if (hb.at(at.getAsInt()).pi()) {
            return Turn.done(Errno.EINVAL.result());
          }
          queues.wake(hb, at.getAsInt());
          return woken + 1 >= nrWake ? Turn.done(woken + 1) : Turn.again(woken + 1);
        });
  }

  /// Changes the word at `uaddr2` as `op` says, wakes up to `nrWake` waiters at `uaddr1`, and, if
  /// the old value compares as `op` says, up to `nrWake2` at `uaddr2`; tells how many.
  @Models(file = "kernel/futex/waitwake.c", function = "futex_wake_op")
  long wakeOp(
      Current me, long uaddr1, long uaddr2, boolean shared, int nrWake, int nrWake2, WakeOp op) {
    return steps.call(
        "futex_wake_op",
        () ->
            steps.retry(
                "retry",
                () ->
                    withKeys(
                        keys.get(me, uaddr1, shared, Access.READ),
                        () -> keys.get(me, uaddr2, shared, Access.WRITE),
                        (key1, key2) ->
                            wakeOp(me, uaddr1, uaddr2, key1, key2, nrWake, nrWake2, op))));
  }

  /// What to do with two keys, if both are found.
  interface TwoKeys {
    Turn<Boolean, Long> with(FutexKey key1, FutexKey key2);
  }

  static Turn<Boolean, Long> withKeys(
      KeyLookup first, Supplier<KeyLookup> second, TwoKeys then) {
    if (first instanceof KeyLookup.None(var errno)) {
      return Turn.done(errno.result());
    }
    return switch (second.get()) {
      case KeyLookup.None(var errno) -> Turn.done(errno.result());
      case FutexKey key2 -> then.with((FutexKey) first, key2);
    };
  }

  private Turn<Boolean, Long> wakeOp(
      Current me,
      long uaddr1,
      long uaddr2,
      FutexKey key1,
      FutexKey key2,
      int nrWake,
      int nrWake2,
      WakeOp op) {
    var hb1 = queues.bucket(key1);
    var hb2 = queues.bucket(key2);
    var futex1 = key1.at(me, uaddr1);
    queues.wakeBegins(me, futex1);
    queues.lockBoth(hb1, hb2);
    long compared = atomicOpInuser(me, uaddr2, op);
    if (compared >= 0) {
      long woken = wakeAll(hb1, key1, nrWake);
      long more = woken >= 0 && compared > 0 ? wakeAll(hb2, key2, nrWake2) : 0;
      queues.wakeEnds(me, futex1, isRoom(woken, nrWake));
      queues.unlockBoth(hb1, hb2);
      return Turn.done(woken < 0 || more < 0 ? Errno.EINVAL.result() : woken + more);
    }
    queues.wakeEnds(me, futex1, false);
    queues.unlockBoth(hb1, hb2);
    if (compared != Errno.EFAULT.result()) {
      return Turn.done(compared);
    }
    return faultedIn(memory.faultInUserWriteable(me, uaddr2));
  }

  private static Turn<Boolean, Long> faultedIn(long result) {
    return result == 0 ? Turn.again(true) : Turn.done(result);
  }

  /// Changes the word; 1 if the old value compares as `op` says, 0 if not, or -errno.
  @Models(file = "kernel/futex/waitwake.c", function = "futex_atomic_op_inuser")
  private long atomicOpInuser(Current me, long uaddr, WakeOp op) {
    LongFunction<Long> compare =
        old ->
            op.knowsComparison() ? op.compares((int) old) ? 1L : 0L : Errno.ENOSYS.result();
    if (!op.takesShift()) {
      return Errno.EINVAL.result();
    }
    if (!op.knowsOperation()) {
      return Errno.ENOSYS.result();
    }
    return steps.scope(
        () -> {
          var old =
              memory.updateLocked(
                  "futex_atomic_op_inuser", me, uaddr, value -> op.apply((int) value));
          return old.isPresent() ? compare.apply(old.getAsLong()) : Errno.EFAULT.result();
        });
  }
}
