package shootdown.kernel.futex;

import java.util.ArrayList;
import java.util.List;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FutexGround;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Machine;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.View;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// All hash buckets, and what each thread sleeps on.
///
/// ```text
/// lock_ptr[tid]        bucket + 1 while the thread is queued, 0 once it is woken; written under
///                      that bucket's lock, read without
/// pi_blocked_on[tid]   who owns the PI futex that the thread is blocked on, 0 if none; no lock:
///                      what rt_mutexes protect by pi_lock is done in one step here
/// ```
final class FutexQueues {
  /// Hash buckets. Linux has at least 256; fewer make collisions likely, which must do no harm.
  static final int BUCKETS = 4;

  private final Steps steps;
  private final FutexGround ground;
  private final HbWaiters counts;
  private final int threads;
  private final List<HashBucket> buckets = new ArrayList<>();
  private final Words lockPtr;
  private final Words piBlockedOn;

  FutexQueues(KernelData data, Decisions decisions, int threads) {
    var program = data.steps().program();
    this.steps = program.steps();
    this.ground = data.ground().futexes();
    this.counts = decisions.get(HbWaiters.class);
    this.threads = threads;
    for (int i = 0; i < BUCKETS; i++) {
      buckets.add(new HashBucket(program, i, threads));
    }
    this.lockPtr = words(program, "lock_ptr", threads);
    this.piBlockedOn = words(program, "pi_blocked_on", threads);
  }

  private static Words words(Program program, String name, int threads) {
    return program.words(
        i -> name + "(tid " + (i + 1) + ")", threads, 0, Long::toString, false);
  }

  /// `futex_hash()`.
  HashBucket bucket(FutexKey key) {
    return buckets.get(key.bucket(BUCKETS));
  }

  /// `double_lock_hb()`: the locks of both, in order; one if they are the same.
  @Models(file = "kernel/futex/futex.h", function = "double_lock_hb")
  void lockBoth(HashBucket hb1, HashBucket hb2) {
    buckets.get(Math.min(hb1.number(), hb2.number())).lock().lock();
    if (hb1 != hb2) {
      buckets.get(Math.max(hb1.number(), hb2.number())).lock().lock();
    }
  }

  /// `double_unlock_hb()`.
  void unlockBoth(HashBucket hb1, HashBucket hb2) {
    hb1.lock().unlock();
    if (hb1 != hb2) {
      hb2.lock().unlock();
    }
  }

  /// Takes the lock of a bucket in which the running thread may be queued: it is counted first, so
  /// that who changed the futex's word finds the number, or this thread the new value.
  @Models(file = "kernel/futex/core.c", function = "futex_q_lock")
  HashBucket lockToQueue(FutexKey key) {
    var hb = bucket(key);
    count(hb, 1);
    hb.lock().lock();
    return hb;
  }

  /// Gives it back: the running thread is not queued.
  @Models(file = "kernel/futex/core.c", function = "futex_q_unlock")
  void unlockNotQueued(HashBucket hb) {
    hb.lock().unlock();
    count(hb, -1);
  }

  /// `futex_hb_waiters_inc()`, `futex_hb_waiters_dec()`.
  private void count(HashBucket hb, int more) {
    if (counts != HbWaiters.NOT_COUNTED) {
      hb.waiters().add(more);
    }
  }

  /// Whether anybody may wait in the bucket; a wake of the futex begins with that look, and has
  /// ended if nobody does.
  @Models(file = "kernel/futex/futex.h", function = "futex_hb_waiters_pending")
  boolean isAnybodyWaiting(Current me, HashBucket hb, FutexGround.At futex) {
    return steps.atomically(
        "futex_hb_waiters_pending",
        () -> {
          ground.wakeBegins(me.tid(), futex);
          boolean any = counts == HbWaiters.NOT_COUNTED || !hb.waiters().is(0);
          if (!any) {
            ground.wakeEnds(me, futex, true);
          }
          return any;
        });
  }

  /// Says that the running thread, which is queued, found the word to be as expected.
  void waits(Current me, FutexGround.At futex) {
    steps.atomic("futex_wait", () -> ground.queued(me.tid(), futex));
  }

  /// Says that a wake of the futex begins, which looks at no number.
  void wakeBegins(Current me, FutexGround.At futex) {
    steps.atomic("futex_wake begins", () -> ground.wakeBegins(me.tid(), futex));
  }

  /// Says that it has ended.
  void wakeEnds(Current me, FutexGround.At futex, boolean room) {
    steps.atomic("futex_wake ends", () -> ground.wakeEnds(me, futex, room));
  }

  /// The locks of both buckets, for a requeue.
  void lockForRequeue(HashBucket hb1, HashBucket hb2) {
    if (counts == HbWaiters.COUNTED_BY_REQUEUE) {
      count(hb2, 1);
    }
    lockBoth(hb1, hb2);
  }

  void unlockAfterRequeue(HashBucket hb1, HashBucket hb2) {
    unlockBoth(hb1, hb2);
    if (counts == HbWaiters.COUNTED_BY_REQUEUE) {
      count(hb2, -1);
    }
  }

  /// Says that a requeue, which is about to wake others, moves these waiters to the futex.
  void willMove(List<Integer> tids, FutexKey key) {
    if (!tids.isEmpty()) {
      steps.atomic(
          "futex_requeue", () -> tids.forEach(tid -> ground.moved(tid, key.groundKey())));
    }
  }

  /// Whether a thread of this id exists.
  boolean exists(int tid) {
    return tid >= 1 && tid <= threads;
  }

  /// Queues the running thread; with the bucket's lock held.
  @Models(file = "kernel/futex/core.c", function = "__futex_queue", leavesOut = "priorities")
  void queue(Current me, HashBucket hb, FutexQ q) {
    steps.run(
        "futex_queue",
        () -> {
          mustExist(me);
          lockPtr(q.tid()).write(hb.number() + 1L);
          hb.add(q);
        });
  }

  private void mustExist(Current me) {
    if (!exists(me.tid())) {
      throw steps.fail(
          new Violation(
              Machine.LIMIT,
              "tid " + me.tid() + " waits for a futex; the model has room for " + threads));
    }
  }

  /// Takes the waiter at `place` out and wakes it; with the bucket's lock held. Linux marks it here
  /// and wakes it when the lock is dropped (`wake_up_q()`); a thread that has not gone to sleep yet
  /// returns as early as here in Linux, too.
  @Models(file = "kernel/futex/waitwake.c", function = "futex_wake_mark")
  void wake(HashBucket hb, int place) {
    steps.run(
        "futex_wake_mark",
        () -> {
          int tid = hb.at(place).tid();
          dequeue(hb, place, tid);
          lockPtr(tid).write(0);
        });
  }

  /// Moves the waiter at `place` to another futex; with both locks held. Tells whether it left the
  /// chain.
  @Models(file = "kernel/futex/requeue.c", function = "requeue_futex")
  boolean requeue(HashBucket from, int place, HashBucket to, FutexKey key) {
    return steps.call(
        "requeue_futex",
        () -> {
          var before = from.at(place);
          var q = before.withKey(key);
          if (from == to) {
            from.set(place, q);
            willMove(List.of(q.tid()), key);
            return false;
          }
          from.remove(place);
          steps.atomic(
              "requeue_futex", () -> ground.moves(q.tid(), before.key().groundKey()));
          count(from, -1);
          to.add(q);
          count(to, 1);
          lockPtr(q.tid()).write(to.number() + 1L);
          willMove(List.of(q.tid()), key);
          return true;
        });
  }

  /// Waits until the running thread, which is queued, is woken.
  void sleep(Current me) {
    lockPtr(me.tid()).sleepUntil(-1, 0);
  }

  /// Takes the running thread out of its chain, wherever it is by now; tells whether it was still
  /// queued, so that nobody has woken it.
  @Models(file = "kernel/futex/core.c", function = "futex_unqueue")
  boolean unqueue(Current me) {
    return steps.call(
        "futex_unqueue",
        () ->
            steps.retry(
                "lock_ptr",
                () -> {
                  long in = lockPtr(me.tid()).read();
                  if (in == 0) {
                    return Turn.done(false);
                  }
                  var hb = buckets.get((int) in - 1);
                  hb.lock().lock();
                  if (!steps.recheck("lock_ptr", () -> lockPtr(me.tid()).is(in))) {
                    hb.lock().unlock();
                    return Turn.again(true);
                  }
                  removeOwn(me, hb);
                  hb.lock().unlock();
                  return Turn.done(true);
                }));
  }

  /// Takes the running thread out of a bucket whose lock is held.
  void removeOwn(Current me, HashBucket hb) {
    var place = hb.next(0, q -> q.tid() == me.tid());
    if (place.isEmpty()) {
      throw hb.corrupt("tid " + me.tid() + " is not in it");
    }
    dequeue(hb, place.getAsInt(), me.tid());
    lockPtr(me.tid()).write(0);
  }

  /// Takes a waiter out of the chain, and out of the number of those that wait.
  @Models(file = "kernel/futex/core.c", function = "__futex_unqueue", leavesOut = "priorities")
  private void dequeue(HashBucket hb, int place, int tid) {
    hb.remove(place);
    steps.atomic("futex_unqueue", () -> ground.left(tid));
    count(hb, -1);
  }

  /// Says that the running thread is blocked on `owner` now, unless `owner` waits, directly or
  /// through others, for the running thread: then tells false, and nothing is changed.
  @Models(
      file = "kernel/locking/rtmutex.c",
      function = "task_blocks_on_rt_mutex",
      leavesOut = "priorities; the chain is walked in one step, Linux takes one lock at a time")
  boolean blockOn(Current me, int owner) {
    return steps.atomically(
        "rt_mutex chain walk",
        () -> {
          long at = owner;
          for (int hops = 0; at != 0; hops++) {
            if (at == me.tid()) {
              return false;
            }
            if (hops == threads) {
              throw steps.fail(new Violation("kernel bug", "owners wait for each other"));
            }
            at = piBlockedOn((int) at).read();
          }
          piBlockedOn(me.tid()).write(owner);
          return true;
        });
  }

  /// Waits until the running thread was given the PI futex on which it is blocked.
  void sleepForOwnership(Current me) {
    piBlockedOn(me.tid()).sleepUntil(-1, 0);
  }

  /// Gives a PI futex to the waiter at `place`, who stays in the chain until it takes itself out;
  /// the others that wait for it are blocked on that one now. Who just waits at the word is not: he
  /// has no pi_state. With the bucket's lock held.
  @Models(
      file = "kernel/futex/pi.c",
      function = "pi_state_update_owner",
      leavesOut = "one pi_state for all waiters: each waiter's futex_q says who the owner is")
  void handOver(HashBucket hb, FutexQ top) {
    steps.run(
        "pi_state_update_owner",
        () -> {
          steps.loop(
              "waiters",
              0,
              from -> {
                var at = hb.next(from, q -> q.pi() && q.key().equals(top.key()));
                if (at.isEmpty()) {
                  return Turn.done(true);
                }
                var q = hb.at(at.getAsInt());
                hb.set(at.getAsInt(), q.withOwner(top.tid()));
                piBlockedOn(q.tid()).write(q.tid() == top.tid() ? 0 : top.tid());
                return Turn.again(at.getAsInt() + 1);
              });
        });
  }

  /// Who waits, when memory is as in `view`: what an oracle of lost wakeups looks at.
  List<FutexQ> waiting(View view) {
    var waiting = new ArrayList<FutexQ>();
    for (var hb : buckets) {
      for (int i = 0; i < threads; i++) {
        long word = view.get(hb.word(i));
        if (word != 0) {
          waiting.add(FutexQ.unpack(word));
        }
      }
    }
    return List.copyOf(waiting);
  }

  private Word lockPtr(int tid) {
    return lockPtr.at(tid - 1);
  }

  private Word piBlockedOn(int tid) {
    return piBlockedOn.at(tid - 1);
  }
}
