package shootdown.model.truth;

import static shootdown.model.truth.Oracles.LOST_WAKEUP;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.FutexGround;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// Who waits for which futex, and who must be awake. A wake that had room for more, and has ended,
/// leaves nobody asleep
///
/// - who waited for its futex when it began, and has done so all the time;
/// - who goes to sleep later, because of a value that its caller had replaced before: the store
///   still waits in a store buffer.
///
/// A call that wakes one waiter and moves others to another futex does all of that at once: whoever
/// it woke finds the others there.
///
/// ```text
/// waits[tid]   the key of the futex that the thread waits for, 0 if none
/// owes[tid]    the threads, one bit each, whose wake that began must not end without this one
/// unseen[cpu]  the key of a futex whose wake ended while a store to its word waited in the CPU's
///              store buffer; 0 once that has drained
/// ```
final class Wakeups implements FutexGround {
  private final Words waits;
  private final Words owes;
  private final Words unseen;
  private final Machine[] machine;
  private final Oracles oracles;

  /// @param machine filled once the machine exists
  Wakeups(Program program, Layout layout, int threads, Machine[] machine, Oracles oracles) {
    this.waits = words(program, "waits", threads);
    this.owes = words(program, "owes", threads);
    this.unseen = words(program, "unseen", layout.cpus());
    this.machine = machine;
    this.oracles = oracles;
  }

  private static Words words(Program program, String name, int length) {
    return program.words(i -> name + i, length, 0, Long::toHexString, false);
  }

  @Override
  public void queued(int tid, At futex) {
    waits(tid).write(futex.key());
    owes(tid).write(0);
    for (int cpu = 0; cpu < unseen.length(); cpu++) {
      if (unseen.at(cpu).is(futex.key())) {
        lost(tid, "for a value that was replaced before the futex was woken");
      }
    }
  }

  @Override
  public void moved(int tid, long key) {
    waits(tid).write(key);
    owes(tid).write(0);
  }

  @Override
  public void moves(int tid, long from) {
    if (waits(tid).is(from)) {
      left(tid);
    }
  }

  @Override
  public void left(int tid) {
    waits(tid).write(0);
    owes(tid).write(0);
  }

  @Override
  public void wakeBegins(int tid, At futex) {
    for (int other = 1; other <= waits.length(); other++) {
      if (waits(other).is(futex.key())) {
        owes(other).set(bit(tid));
      }
    }
  }

  @Override
  public void wakeEnds(Current me, At futex, boolean room) {
    for (int other = 1; other <= waits.length(); other++) {
      if (waits(other).is(futex.key()) && owes(other).testAndClear(bit(me.tid())) && room) {
        lost(other, "on a futex that was woken");
      }
    }
    if (room && isStoreWaiting(me.cpu(), futex)) {
      unseen.at(me.cpu()).write(futex.key());
    }
  }

  private boolean isStoreWaiting(int cpu, At futex) {
    return machine[0].storeBuffers().isWaiting(cpu, futex.mm(), futex.vpn(), futex.word());
  }

  /// A store of the CPU has reached memory.
  void drained(int cpu) {
    unseen.at(cpu).write(0);
  }

  private void lost(int tid, String how) {
    oracles.violated(LOST_WAKEUP, "tid " + tid + " sleeps " + how);
  }

  private static long bit(int tid) {
    return 1L << tid;
  }

  private Word waits(int tid) {
    return waits.at(tid - 1);
  }

  private Word owes(int tid) {
    return owes.at(tid - 1);
  }
}
