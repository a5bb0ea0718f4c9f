package shootdown.sched;

import java.util.Objects;

/// A view of one word of the program's shared memory. Cheap: make one where one is needed.
///
/// Only these methods touch shared state. Each is one atomic operation of the running task; prefer
/// the one that tells least (see [OpKind]).
public final class Word {
  private final Steps steps;
  private final int index;

  Word(Steps steps, int index) {
    this.steps = steps;
    this.index = index;
  }

  /// Position in the program's memory.
  public int index() {
    return index;
  }

  public long read() {
    return perform(OpKind.READ, 0, 0);
  }

  /// The bits of `mask`, the others as 0.
  public long read(long mask) {
    return perform(OpKind.READ_MASKED, mask, 0);
  }

  public boolean is(long value) {
    return perform(OpKind.IS, value, 0) != 0;
  }

  /// Whether any bit of `mask` is set.
  public boolean test(long mask) {
    return perform(OpKind.TEST, mask, 0) != 0;
  }

  public void write(long value) {
    perform(OpKind.WRITE, value, 0);
  }

  public void add(long delta) {
    perform(OpKind.ADD, delta, 0);
  }

  /// Adds, and tells whether the word is 0 now.
  public boolean addIsZero(long delta) {
    return perform(OpKind.ADD_IS_ZERO, delta, 0) != 0;
  }

  /// Adds unless the word is 0; tells whether it did.
  public boolean addUnlessZero(long delta) {
    return perform(OpKind.ADD_UNLESS_ZERO, delta, 0) != 0;
  }

  /// Writes and tells the value before.
  public long swap(long value) {
    return perform(OpKind.SWAP, value, 0);
  }

  /// Writes `update` if the word is `expected`; tells whether it did.
  public boolean cas(long expected, long update) {
    return perform(OpKind.CAS, expected, update) != 0;
  }

  /// As [#cas], and a re-check: a [Mutation] that leaves it out writes whatever the word is.
  ///
  /// @param what its name: `page_ref_freeze`
  public boolean cas(String what, long expected, long update) {
    if (steps.leavesOut(Mutation.Kind.RECHECK, what)) {
      write(update);
      return true;
    }
    boolean done = cas(expected, update);
    if (!done) {
      steps.notice(steps.site(what), "it does not hold");
    }
    return done;
  }

  public void set(long mask) {
    perform(OpKind.OR, mask, 0);
  }

  public void clear(long mask) {
    perform(OpKind.AND_NOT, mask, 0);
  }

  /// Sets the bits of `mask`; tells whether any was set before.
  public boolean testAndSet(long mask) {
    return perform(OpKind.TEST_AND_SET, mask, 0) != 0;
  }

  /// Clears the bits of `mask`; tells whether any was set before.
  public boolean testAndClear(long mask) {
    return perform(OpKind.TEST_AND_CLEAR, mask, 0) != 0;
  }

  /// Gives the bits of `mask` the values they have in `value`.
  public void replace(long mask, long value) {
    perform(OpKind.REPLACE, mask, value & mask);
  }

  /// Waits until the word is `value`.
  public void await(long value) {
    await(-1L, value);
  }

  /// Waits until the bits of `mask` have the values they have in `value`.
  public void await(long mask, long value) {
    if (!steps.ignoresWait(index)) {
      steps.watchWait(this, mask, value & mask);
      perform(OpKind.AWAIT, mask, value & mask);
    }
  }

  /// Waits as [#await] does; to wait here for ever is to be asleep, which is no deadlock.
  public void sleepUntil(long mask, long value) {
    perform(OpKind.SLEEP, mask, value & mask);
  }

  private long perform(OpKind kind, long a, long b) {
    var op = new Op(kind, index, a, b);
    steps.performs();
    steps.pass(op);
    if (!kind.updates() || Steps.isAtomic()) {
      return steps.executor().perform(op);
    }
    return steps.update(
        steps.named(op), this, () -> steps.executor().perform(op), () -> inTwoSteps(op));
  }

  /// What is left of an atomic update that a [Mutation] tears: a read, and a plain write of what
  /// the word would be if nobody had changed it in between.
  private long inTwoSteps(Op op) {
    var before = steps.together(index);
    long value = before.getFirst();
    boolean conditional = op.kind() == OpKind.CAS || op.kind() == OpKind.ADD_UNLESS_ZERO;
    if (!conditional || op.result(value) != 0) {
      long after = op.after(value, steps.task());
      steps.writeTogether(index, after, before);
    }
    return op.result(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Word word && word.index == index && word.steps == steps;
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(index);
  }

  @Override
  public String toString() {
    return steps.program().nameOf(index);
  }
}
