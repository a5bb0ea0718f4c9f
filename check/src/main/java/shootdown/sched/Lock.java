package shootdown.sched;


/// A lock: a word that is 0 (free), -(task+1) (held for writing) or the number of its readers.
///
/// Misuse is found where it happens: a lock taken twice by one task, in the wrong order, a sleeping
/// lock under one that must not sleep, a release of what is not held. Each ends the path with the
/// violation [Violation#LOCK_MISUSE].
public final class Lock {
  private final Steps steps;
  private final int word;
  private final LockClass kind;

  Lock(Steps steps, int word, LockClass kind) {
    this.steps = steps;
    this.word = word;
    this.kind = kind;
  }

  public void lock() {
    mayTake();
    take(OpKind.LOCK);
  }

  /// As [#lock] of a lock that is part of another one, by the name of which a [Mutation] knows it:
  /// whatever else of its class is held, this is the same site.
  public void lockPart(String whole) {
    mayTake();
    take(OpKind.LOCK, whole);
  }

  /// Takes the lock if it is free; never waits. Tells whether it did.
  public boolean tryLock() {
    return take(OpKind.TRY_LOCK);
  }

  public void unlock() {
    must(steps.held().holdsExclusively(word), "releases " + this + ", which it does not hold");
    release(OpKind.UNLOCK);
  }

  /// Waits until the lock is free, and does not take it. To be given it and to give it back is one
  /// step: nobody sees it held.
  public void awaitUnlocked() {
    if (!Steps.isAtomic()) {
      steps.program().waiters().ifPresent(waiters -> waiters.waitsFor(word));
    }
    steps.atomic(
        "wait on locked",
        () -> {
          lock();
          unlock();
        });
  }

  public void readLock() {
    mayTake();
    take(OpKind.READ_LOCK);
  }

  public boolean tryReadLock() {
    return take(OpKind.TRY_READ_LOCK);
  }

  public void readUnlock() {
    must(steps.held().holds(word), "releases " + this + ", which it does not hold");
    release(OpKind.READ_UNLOCK);
  }

  /// From held for writing to held for reading, without a gap.
  public void downgrade() {
    must(steps.held().holdsExclusively(word), "downgrades " + this + ", not held for writing");
    if (steps.held().holdsPhantom(word)) {
      steps.executor().pretend(held -> held.downgraded(word));
    } else {
      perform(OpKind.DOWNGRADE);
    }
  }

  /// Whether the running task holds it, in whichever mode. No operation: it is the task's own past.
  public boolean isHeld() {
    return steps.held().holds(word);
  }

  public boolean isHeldExclusively() {
    return steps.held().holdsExclusively(word);
  }

  /// Asserts that the running task holds it, in whichever mode, as `lockdep_assert_held()` does. No
  /// operation and no step: it is the task's own past. It does not hold what a [Mutation] kept it
  /// from taking.
  public void assertHeld() {
    asserted();
    must(steps.held().real().holds(word), "does not hold " + this + ", as it must");
  }

  /// As [#assertHeld], for writing.
  public void assertHeldExclusively() {
    asserted();
    must(
        steps.held().real().holdsExclusively(word),
        "does not hold " + this + " for writing, as it must");
  }

  /// Asserts that somebody holds it for writing, whoever that is, as a look at the lock's own bits
  /// does. Where the running task itself does it is no operation and no step.
  public void assertLocked() {
    asserted();
    if (!steps.held().real().holdsExclusively(word)) {
      steps.performs();
      var held = new Op(OpKind.TEST, word, Long.MIN_VALUE, 0);
      must(steps.executor().perform(held) != 0, "finds " + this + " free, which must be locked");
    }
  }

  private void asserted() {
    steps.program().mutation().asserted(word, steps.task());
  }

  /// Index of the lock's word in memory; equal locks have equal words.
  public int index() {
    return word;
  }

  /// Tells whether the task has it now. If a mutation leaves the taking out, the task believes so.
  private boolean take(OpKind how) {
    return take(how, steps.held().holdsOneOf(kind) ? kind.name() + "_nested" : kind.name());
  }

  private boolean take(OpKind how, String what) {
    if (steps.leavesOut(Mutation.Kind.LOCK, what)) {
      boolean exclusive = how == OpKind.LOCK || how == OpKind.TRY_LOCK;
      var phantom = new HeldLocks.Held(word, exclusive, kind, true);
      steps.executor().pretend(held -> held.with(phantom));
      return true;
    }
    var op = new Op(how, word, 0, 0);
    steps.pass(op, what);
    long told = perform(op, what);
    return how.waits() || told != 0;
  }

  private long perform(Op op, String what) {
    var watch = steps.program().lockWatch();
    if (!Steps.isAtomic() && watch.isPresent()) {
      return watch.get().take(op, what);
    }
    var waiters = steps.program().waiters();
    if (!Steps.isAtomic() && waiters.isPresent()) {
      return waiters.get().take(op);
    }
    return steps.executor().perform(op);
  }

  private void release(OpKind how) {
    if (steps.held().holdsPhantom(word)) {
      steps.executor().pretend(held -> held.without(word));
      return;
    }
    steps.program().lockWatch().ifPresent(watch -> watch.release(word));
    if (!Steps.isAtomic()) {
      steps.program().waiters().ifPresent(waiters -> waiters.release(word));
    }
    perform(how);
  }

  private long perform(OpKind what) {
    steps.performs();
    return steps.executor().perform(new Op(what, word, 0, 0));
  }

  private void mayTake() {
    var held = steps.held();
    must(!held.holds(word), "takes " + this + " twice");
    must(!kind.sleeps() || !held.atomic(), "may sleep on " + this + " in atomic context");
    for (var other : held.locks()) {
      if (comesAfter(other.kind())) {
        steps.fail(
            new Violation(
                Violation.LOCK_MISUSE,
                "takes " + this + " while it holds " + steps.program().nameOf(other.word())
                    + ": against the lock order"));
      }
    }
  }

  private boolean comesAfter(LockClass other) {
    return other.rank() > kind.rank() || (other.rank() == kind.rank() && !kind.nests());
  }

  private void must(boolean condition, String otherwise) {
    if (!condition) {
      steps.fail(new Violation(Violation.LOCK_MISUSE, otherwise));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lock lock && lock.word == word && lock.steps == steps;
  }

  @Override
  public int hashCode() {
    return word;
  }

  @Override
  public String toString() {
    return steps.program().nameOf(word);
  }
}
