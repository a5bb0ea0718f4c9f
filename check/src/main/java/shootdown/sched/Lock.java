package shootdown.sched;

import java.util.Optional;

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

  /// Takes the lock if it is free; never waits. Tells whether it did.
  public boolean tryLock() {
    return take(OpKind.TRY_LOCK);
  }

  public void unlock() {
    must(steps.held().holdsExclusively(word), "releases " + this + ", which it does not hold");
    release(OpKind.UNLOCK);
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

  /// Index of the lock's word in memory; equal locks have equal words.
  public int index() {
    return word;
  }

  /// Tells whether the task has it now. If a mutation leaves the taking out, the task believes so.
  private boolean take(OpKind how) {
    String what = steps.held().holdsOneOf(kind) ? kind.name() + "_nested" : kind.name();
    if (steps.leavesOut(Mutation.Kind.LOCK, what)) {
      boolean exclusive = how == OpKind.LOCK || how == OpKind.TRY_LOCK;
      var phantom = new HeldLocks.Held(word, exclusive, kind, true);
      steps.executor().pretend(held -> held.with(phantom));
      return true;
    }
    var op = new Op(how, word, 0, 0);
    steps.pass(op, what);
    var watch = Steps.isAtomic() ? Optional.<LockWatch>empty() : steps.program().lockWatch();
    long told = watch.map(w -> w.take(op, what)).orElseGet(() -> steps.executor().perform(op));
    return how.waits() || told != 0;
  }

  private void release(OpKind how) {
    if (steps.held().holdsPhantom(word)) {
      steps.executor().pretend(held -> held.without(word));
      return;
    }
    steps.program().lockWatch().ifPresent(watch -> watch.release(word));
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
    outOfOrder(held)
        .ifPresent(
            h ->
                steps.fail(
                    new Violation(
                        Violation.LOCK_MISUSE,
                        "takes " + this + " while it holds " + steps.program().nameOf(h.word())
                            + ": against the lock order")));
  }

  private Optional<HeldLocks.Held> outOfOrder(HeldLocks held) {
    return held.locks().stream()
        .filter(
            h ->
                h.kind().rank() > kind.rank()
                    || (h.kind().rank() == kind.rank() && !kind.nests()))
        .findFirst();
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
