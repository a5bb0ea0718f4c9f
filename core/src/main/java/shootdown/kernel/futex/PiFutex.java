package shootdown.kernel.futex;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Models;
import shootdown.kernel.futex.FutexKeys.Access;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI and FUTEX_UNLOCK_PI: the word is the owner's tid, and a bit that
/// tells user space to let the kernel unlock.
///
/// ```text
///  31              30                29 … 0
///  FUTEX_WAITERS   FUTEX_OWNER_DIED  tid, 0 if free
/// ```
///
/// An unlock hands the futex to the first waiter at once, as all have one priority and nobody may
/// steal it. All is done under the bucket's lock, as it was until v4.11; since then the hand-over
/// is under the rt_mutex's lock instead.
final class PiFutex {
  static final long FUTEX_WAITERS = 0x80000000L;
  static final long FUTEX_OWNER_DIED = 0x40000000L;
  static final long FUTEX_TID_MASK = 0x3fffffffL;

  private final Steps steps;
  private final FutexKeys keys;
  private final FutexMemory memory;
  private final FutexQueues queues;

  private final UnlockOwnerDied ownerDied;
  private final PiStateCheck check;
  private final UnlockRace race;

  PiFutex(
      Steps steps,
      Decisions decisions,
      FutexKeys keys,
      FutexMemory memory,
      FutexQueues queues) {
    this.steps = steps;
    this.check = decisions.get(PiStateCheck.class);
    this.race = decisions.get(UnlockRace.class);
    this.ownerDied = decisions.get(UnlockOwnerDied.class);
    this.keys = keys;
    this.memory = memory;
    this.queues = queues;
  }

  /// What a locker does if it must wait.
  enum IfHeld {
    BLOCK,
    FAIL
  }

  /// How an attempt to lock ends.
  private sealed interface Attempt {
    record Acquired() implements Attempt {}

    record MustWait(int owner) implements Attempt {}

    record Failed(Errno errno) implements Attempt {}
  }

  @Models(
      file = "kernel/futex/pi.c",
      function = "futex_lock_pi",
      leavesOut = "timeouts; signals; owners that exit; priorities; the lock stolen by others")
  long lock(Current me, long uaddr, boolean shared, IfHeld ifHeld) {
    return steps.call(
        "futex_lock_pi",
        () ->
            steps.retry(
                "retry",
                () ->
                    switch (keys.get(me, uaddr, shared, Access.WRITE)) {
                      case KeyLookup.None(var errno) -> Turn.done(errno.result());
                      case FutexKey key -> lock(me, uaddr, key, ifHeld);
                    }));
  }

  private Turn<Boolean, Long> lock(Current me, long uaddr, FutexKey key, IfHeld ifHeld) {
    var hb = queues.lockToQueue(key);
    return switch (lockAtomic(me, uaddr, hb, key)) {
      case Attempt.Acquired _ -> {
        queues.unlockNotQueued(hb);
        yield Turn.done(0L);
      }
      case Attempt.MustWait(int owner) -> {
        yield Turn.done(ifHeld == IfHeld.BLOCK ? block(me, hb, key, owner) : giveUp(hb));
      }
      case Attempt.Failed(var errno) -> {
        queues.unlockNotQueued(hb);
        yield retryOrFail(me, uaddr, errno);
      }
    };
  }

  private long giveUp(HashBucket hb) {
    queues.unlockNotQueued(hb);
    return Errno.EAGAIN.result();
  }

  /// EAGAIN, the word changed meanwhile: try again. EFAULT: mend it, and try again.
  private Turn<Boolean, Long> retryOrFail(Current me, long uaddr, Errno errno) {
    return switch (errno) {
      case EAGAIN -> Turn.again(true);
      case EFAULT -> {
        long result = memory.faultInUserWriteable(me, uaddr);
        yield result == 0 ? Turn.again(true) : Turn.done(result);
      }
      default -> Turn.done(errno.result());
    };
  }

  /// Queues and sleeps until the futex is handed over. With the bucket's lock, which it drops.
  @Models(
      file = "kernel/locking/rtmutex_api.c",
      function = "rt_mutex_wait_proxy_lock",
      leavesOut = "all of rt_mutex but who waits for whom")
  private long block(Current me, HashBucket hb, FutexKey key, int owner) {
    return steps.call(
        "rt_mutex_wait_proxy_lock",
        () -> {
          if (!queues.blockOn(me, owner)) {
            queues.unlockNotQueued(hb);
            return Errno.EDEADLK.result();
          }
          queues.queue(me, hb, new FutexQ(me.tid(), owner, key));
          hb.lock().unlock();
          queues.sleepForOwnership(me);
          hb.lock().lock();
          queues.removeOwn(me, hb);
          hb.lock().unlock();
          return 0L;
        });
  }

  @Models(file = "kernel/futex/pi.c", function = "futex_lock_pi_atomic")
  private Attempt lockAtomic(Current me, long uaddr, HashBucket hb, FutexKey key) {
    return steps.call(
        "futex_lock_pi_atomic",
        () -> {
          var value = memory.getValueLocked(me, uaddr);
          if (value.isEmpty()) {
            return new Attempt.Failed(Errno.EFAULT);
          }
          long uval = value.getAsLong();
          int owner = (int) (uval & FUTEX_TID_MASK);
          if (owner == me.tid()) {
            return new Attempt.Failed(Errno.EDEADLK);
          }
          if (check.takesFree() && uval == 0) {
            return update(me, uaddr, uval, me.tid()).orElse(new Attempt.Acquired());
          }
          var top = hb.topWaiter(key);
          if (top.isPresent()) {
            return attachToPiState(top.get(), owner);
          }
          if (owner == 0) {
            return update(me, uaddr, uval, uval & FUTEX_OWNER_DIED | me.tid())
                .orElse(new Attempt.Acquired());
          }
          return update(me, uaddr, uval, uval | FUTEX_WAITERS)
              .orElseGet(() -> attachToPiOwner(owner));
        });
  }

  @Models(
      file = "kernel/futex/pi.c",
      function = "attach_to_pi_state",
      leavesOut = "FUTEX_OWNER_DIED; reading the word once more")
  private Attempt attachToPiState(FutexQ top, int owner) {
    boolean passes = check != PiStateCheck.ALWAYS && owner == 0;
    if (check == PiStateCheck.WARNING && top.pi() && !passes && top.owner() != owner) {
      steps.violate(
          new Violation("kernel bug", "WARN_ON(): the word of a PI futex names another owner"));
      passes = true;
    }
    boolean consistent = top.pi() && (passes || top.owner() == owner);
    return consistent ? new Attempt.MustWait(top.owner()) : new Attempt.Failed(Errno.EINVAL);
  }

  @Models(
      file = "kernel/futex/pi.c",
      function = "attach_to_pi_owner",
      leavesOut = "owners that exit; kernel threads")
  private Attempt attachToPiOwner(int owner) {
    return queues.exists(owner) ? new Attempt.MustWait(owner) : new Attempt.Failed(Errno.ESRCH);
  }

  /// Replaces the word; tells why it could not.
  @Models(file = "kernel/futex/pi.c", function = "lock_pi_update_atomic")
  private Optional<Attempt> update(Current me, long uaddr, long uval, long newval) {
    return steps.scope(
        () -> {
          var before = memory.cmpxchgValueLocked(me, uaddr, uval, newval);
          if (before.isEmpty()) {
            return Optional.of(new Attempt.Failed(Errno.EFAULT));
          }
          return steps.recheck("cmpxchg", () -> before.getAsLong() == uval)
              ? Optional.empty()
              : Optional.of(new Attempt.Failed(Errno.EAGAIN));
        });
  }

  @Models(file = "kernel/futex/pi.c", function = "futex_unlock_pi", leavesOut = "owners that exit")
  long unlock(Current me, long uaddr, boolean shared) {
    return steps.call(
        "futex_unlock_pi",
        () ->
            steps.retry(
                "retry",
                () -> {
                  var value = memory.getUser(me, uaddr);
                  if (value.isEmpty()) {
                    return Turn.done(Errno.EFAULT.result());
                  }
                  long uval = value.getAsLong();
                  if ((uval & FUTEX_TID_MASK) != me.tid()) {
                    return Turn.done(Errno.EPERM.result());
                  }
                  return switch (keys.get(me, uaddr, shared, Access.WRITE)) {
                    case KeyLookup.None(var errno) -> Turn.done(errno.result());
                    case FutexKey key -> unlock(me, uaddr, key, uval);
                  };
                }));
  }

  /// How an attempt to unlock ends.
  private enum Unlock {
    DONE,
    FAULTED,
    RETRY,
    /// -EAGAIN for the caller
    CHANGED,
    /// -EINVAL
    INCONSISTENT
  }

  private Turn<Boolean, Long> unlock(Current me, long uaddr, FutexKey key, long uval) {
    var hb = queues.bucket(key);
    hb.lock().lock();
    var top = hb.topWaiter(key);
    var result =
        top.isPresent()
            ? wakeFutexPi(me, uaddr, hb, top.get(), uval)
            : replace(me, uaddr, uval, 0, Unlock.CHANGED);
    hb.lock().unlock();
    return switch (result) {
      case DONE -> Turn.done(0L);
      case FAULTED -> retryOrFail(me, uaddr, Errno.EFAULT);
      case RETRY -> Turn.again(true);
      case CHANGED -> Turn.done(Errno.EAGAIN.result());
      case INCONSISTENT -> Turn.done(Errno.EINVAL.result());
    };
  }

  /// Hands the futex to the first waiter.
  @Models(file = "kernel/futex/pi.c", function = "wake_futex_pi")
  private Unlock wakeFutexPi(Current me, long uaddr, HashBucket hb, FutexQ top, long uval) {
    return steps.call(
        "wake_futex_pi",
        () -> {
          if (top.owner() != me.tid()) {
            return Unlock.INCONSISTENT;
          }
          var result = replace(me, uaddr, uval, FUTEX_WAITERS | top.tid(), Unlock.INCONSISTENT);
          if (result == Unlock.DONE) {
            queues.handOver(hb, top);
          }
          return result;
        });
  }

  /// Replaces the word.
  ///
  /// @param changed what to tell if it is not `uval`; with a waiter, RETRY if only FUTEX_WAITERS
  ///     was set meanwhile
  private Unlock replace(Current me, long uaddr, long uval, long newval, Unlock changed) {
    if (ownerDied == UnlockOwnerDied.WORD_STAYS && (uval & FUTEX_OWNER_DIED) != 0) {
      return Unlock.DONE;
    }
    return steps.scope(
        () -> {
          var before = memory.cmpxchgValueLocked(me, uaddr, uval, newval);
          if (before.isEmpty()) {
            return Unlock.FAULTED;
          }
          if (steps.recheck("cmpxchg", () -> before.getAsLong() == uval)) {
            return Unlock.DONE;
          }
          boolean waitersOnly =
              race == UnlockRace.AGAIN && (before.getAsLong() & FUTEX_TID_MASK) == uval;
          return changed == Unlock.INCONSISTENT && waitersOnly ? Unlock.RETRY : changed;
        });
  }
}
