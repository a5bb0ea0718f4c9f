package shootdown.kernel.data;

import java.util.OptionalInt;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// A userfaultfd: `struct userfaultfd_ctx`. Page faults wait in one of two lists, until they are
/// woken.
///
/// ```text
/// word       holds                                         protected by
/// open       1 if in use                                   set once
/// pollin     1: a reader that sleeps is woken              plain: who is woken looks again
/// pending    tids of faults not read yet, 8 bits each,     fault_pending_wqh.lock; looked at
///            the oldest lowest: fault_pending_wqh          without it
/// read       those that were read, a bit each: fault_wqh   likewise
/// refileSeq  odd while a fault goes from pending to read   that lock; read without it
/// uwq[tid]   WAKEN and page + 1, shifted; 0 if none waits  that lock, until WAKEN
/// ```
public final class Userfaultfd {
  private static final long WAKEN = 1;
  private static final int PAGE_SHIFT = 1;
  private static final int TID_BITS = 8;
  private static final long TID_MASK = (1 << TID_BITS) - 1;

  private final int mm;
  private final Steps steps;
  private final Word open;
  private final Word pollin;
  private final Word pending;
  private final Word read;
  private final Word refileSeq;
  private final Words uwq;
  private final Tree lists;
  private final Lock lock;

  Userfaultfd(Program program, int mm, int threads) {
    String suffix = mm == 0 ? "" : "(mm" + mm + ")";
    this.mm = mm;
    this.steps = program.steps();
    this.open = word(program, "userfaultfd" + suffix);
    this.pollin = word(program, "fd_wqh" + suffix);
    this.pending = word(program, "fault_pending_wqh" + suffix);
    this.read = word(program, "fault_wqh" + suffix);
    this.refileSeq = word(program, "refile_seq" + suffix);
    this.uwq =
        program.words(
            i -> "uwq[tid " + (i + 1) + "]" + suffix, threads, 0, Userfaultfd::show, true);
    this.lists = new Tree(program, "userfaultfd's wait queues" + suffix);
    this.lock =
        program.lock("fault_pending_wqh.lock" + suffix, LockOrder.FAULT_PENDING.lockClass());
  }

  private static Word word(Program program, String name) {
    return program.words(_ -> name, 1, 0, Long::toHexString, false).at(0);
  }

  private static String show(long word) {
    return word == 0
        ? "none"
        : "page " + ((word >>> PAGE_SHIFT) - 1) + ((word & WAKEN) == 0 ? "" : " waken");
  }

  /// Number of the address space.
  public int mm() {
    return mm;
  }

  public boolean isOpen() {
    return open.is(1);
  }

  /// It is in use from now on.
  public void open() {
    open.write(1);
  }

  /// `fault_pending_wqh.lock`.
  public Lock lock() {
    return lock;
  }

  /// `refile_seq`.
  public Word refileSeq() {
    return refileSeq;
  }

  /// `write_seqcount_begin()`, `…_end()`: plain, as the lock is held.
  public void countRefile() {
    refileSeq.write(refileSeq.read() + 1);
  }

  /// `wake_up_poll(&ctx->fd_wqh)`: who sleeps in read() looks again.
  public void wakeUpPoll() {
    pollin.write(1);
  }

  /// Nobody has to be woken for what is in the list now.
  public void clearPollin() {
    pollin.write(0);
  }

  /// Sleeps until [#wakeUpPoll].
  public void awaitPollin() {
    pollin.sleepUntil(1, 1);
  }

  /// Whether faults wait that were not read: `waitqueue_active()`, which takes no lock.
  public boolean isPending() {
    return !pending.is(0);
  }

  /// Whether faults wait that were read; likewise.
  public boolean isRead() {
    return !read.is(0);
  }

  /// Puts a fault of a thread at the end of those that are not read; with the lock held.
  public void addPending(int tid, int vpn) {
    uwq.at(tid - 1).write((vpn + 1L) << PAGE_SHIFT);
    lists.change(
        () -> {
          long all = pending.read();
          pending.write(all | (long) tid << end(all));
          return true;
        });
  }

  private static int end(long all) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(all);
    return (bits + TID_BITS - 1) / TID_BITS * TID_BITS;
  }

  /// The oldest fault that is not read; with the lock held.
  public OptionalInt firstPending() {
    lists.look();
    long tid = pending.read() & TID_MASK;
    return tid == 0 ? OptionalInt.empty() : OptionalInt.of((int) tid);
  }

  /// Takes the fault out of those that are not read; with the lock held.
  public void removePending(int tid) {
    lists.change(
        () -> {
          pending.write(without(pending.read(), tid));
          return true;
        });
  }

  private static long without(long all, int tid) {
    long left = 0;
    for (long rest = all; rest != 0; rest >>>= TID_BITS) {
      if ((rest & TID_MASK) != tid) {
        left |= (rest & TID_MASK) << end(left);
      }
    }
    return left;
  }

  /// Puts a fault with those that are read; with the lock held.
  public void addRead(int tid) {
    lists.change(
        () -> {
          read.write(read.read() | 1L << tid);
          return true;
        });
  }

  /// Takes the fault out of the list that it is in, if any; with the lock held.
  public void remove(int tid) {
    lists.change(
        () -> {
          pending.write(without(pending.read(), tid));
          read.write(read.read() & ~(1L << tid));
          return true;
        });
  }

  /// The page that the thread waits for.
  public int page(int tid) {
    return (int) (uwq.at(tid - 1).read() >>> PAGE_SHIFT) - 1;
  }

  /// Wakes those who wait for pages `from` … `to`-1, and takes them out of the lists; with the lock
  /// held.
  public void wake(int from, int to) {
    lists.look();
    long all = pending.read();
    long others = read.read();
    for (int tid = 1; tid <= uwq.length(); tid++) {
      int waiting = tid;
      if (without(all, tid) != all || (others >>> tid & 1) != 0) {
        steps.forget(() -> wakeOne(waiting, from, to));
      }
    }
  }

  private void wakeOne(int tid, int from, int to) {
    int page = page(tid);
    if (page >= from && page < to) {
      remove(tid);
      uwq.at(tid - 1).write((page + 1L) << PAGE_SHIFT | WAKEN);
    }
  }

  /// Sleeps until woken: `schedule()`.
  public void sleep(int tid) {
    uwq.at(tid - 1).sleepUntil(WAKEN, WAKEN);
  }

  /// Whether the thread was woken, and is in no list.
  public boolean isWaken(int tid) {
    return uwq.at(tid - 1).test(WAKEN);
  }

  /// The thread waits no more.
  public void leave(int tid) {
    uwq.at(tid - 1).write(0);
  }
}
