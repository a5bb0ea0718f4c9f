package shootdown.kernel.futex;

import java.util.OptionalInt;
import java.util.OptionalLong;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Models;
import shootdown.kernel.futex.FutexKeys.Access;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// FUTEX_REQUEUE and FUTEX_CMP_REQUEUE.
final class Requeue {
  private final Steps steps;
  private final FutexKeys keys;
  private final FutexMemory memory;
  private final FutexQueues queues;

  private final RequeueCounts counts;

  Requeue(
      Steps steps,
      Decisions decisions,
      FutexKeys keys,
      FutexMemory memory,
      FutexQueues queues) {
    this.steps = steps;
    this.counts = decisions.get(RequeueCounts.class);
    this.keys = keys;
    this.memory = memory;
    this.queues = queues;
  }

  /// Where the loop over the waiters stands.
  ///
  /// @param place of the next waiter to look at
  /// @param done how many were woken or moved
  private record Progress(int place, int done) {}

  /// Wakes up to `nrWake` waiters at `uaddr1` and moves up to `nrRequeue` of the others to
  /// `uaddr2`; tells how many it woke and moved.
  ///
  /// @param cmpval what the word at `uaddr1` must be; empty for any
  @Models(
      file = "kernel/futex/requeue.c",
      function = "futex_requeue",
      leavesOut = "FUTEX_CMP_REQUEUE_PI")
  long requeue(
      Current me,
      long uaddr1,
      long uaddr2,
      boolean shared,
      int nrWake,
      int nrRequeue,
      OptionalLong cmpval) {
    if (counts == RequeueCounts.NOT_NEGATIVE && (nrWake < 0 || nrRequeue < 0)) {
      return Errno.EINVAL.result();
    }
    return steps.call(
        "futex_requeue",
        () ->
            steps.retry(
                "retry",
                () ->
                    WaitWake.withKeys(
                        keys.get(me, uaddr1, shared, Access.READ),
                        () -> keys.get(me, uaddr2, shared, Access.READ),
                        (key1, key2) ->
                            requeue(me, uaddr1, key1, key2, nrWake, nrRequeue, cmpval))));
  }

  private Turn<Boolean, Long> requeue(
      Current me,
      long uaddr1,
      FutexKey key1,
      FutexKey key2,
      int nrWake,
      int nrRequeue,
      OptionalLong cmpval) {
    var hb1 = queues.bucket(key1);
    var hb2 = queues.bucket(key2);
    queues.lockForRequeue(hb1, hb2);
    long checked = cmpval.isEmpty() ? 0 : check(me, uaddr1, cmpval.getAsLong());
    long result = checked == 0 ? moveAll(hb1, key1, hb2, key2, nrWake, nrRequeue) : checked;
    queues.unlockAfterRequeue(hb1, hb2);
    if (checked == Errno.EFAULT.result()
        && steps.scope(() -> memory.getUser(me, uaddr1).isPresent())) {
      return Turn.again(true);
    }
    return Turn.done(result);
  }

  private long check(Current me, long uaddr1, long cmpval) {
    return steps.scope(
        () -> {
          var now = memory.getValueLocked(me, uaddr1);
          if (now.isEmpty()) {
            return Errno.EFAULT.result();
          }
          boolean same = steps.recheck("value", () -> now.getAsLong() == cmpval);
          return same ? 0L : Errno.EAGAIN.result();
        });
  }

  private long moveAll(
      HashBucket hb1, FutexKey key1, HashBucket hb2, FutexKey key2, int nrWake, int nrRequeue) {
    return steps.loop(
        "waiters",
        new Progress(0, 0),
        at -> {
          // in 64 bits: both may be INT_MAX
          var next =
              at.done() >= (long) nrWake + nrRequeue
                  ? OptionalInt.empty()
                  : hb1.next(at.place(), q -> q.key().equals(key1));
          if (next.isEmpty()) {
            return Turn.done((long) at.done());
          }
          int place = next.getAsInt();
          if (hb1.at(place).pi()) {
            queues.willMove(hb1.tids(key1, 0, nrRequeue), key1);
            return Turn.done(Errno.EINVAL.result());
          }
          if (at.done() < nrWake) {
            if (at.done() == 0) {
              queues.willMove(hb1.tids(key1, nrWake, nrRequeue), key2);
            }
            queues.wake(hb1, place);
            return Turn.again(new Progress(place, at.done() + 1));
          }
          boolean left = queues.requeue(hb1, place, hb2, key2);
          return Turn.again(new Progress(left ? place : place + 1, at.done() + 1));
        });
  }
}
