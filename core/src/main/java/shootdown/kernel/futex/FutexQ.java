package shootdown.kernel.futex;

/// One that waits: `struct futex_q`, packed into a word.
///
/// ```text
///  63 … 56  55 … 48            47 … 0
///  tid      pi_state's owner   key
/// ```
///
/// @param tid who waits, from 1 on
/// @param owner of a PI futex: who owns it (`pi_state->owner`); 0 if it is no PI futex
/// @param key what it waits for
record FutexQ(int tid, int owner, FutexKey key) {
  static FutexQ unpack(long word) {
    return new FutexQ(
        (int) (word >>> 56),
        (int) (word >>> FutexKey.BITS & 0xff),
        FutexKey.unpack(word & ((1L << FutexKey.BITS) - 1)));
  }

  long pack() {
    return (long) tid << 56 | (long) owner << FutexKey.BITS | key.pack();
  }

  /// Whether it waits on a PI futex: it has a pi_state.
  boolean pi() {
    return owner != 0;
  }

  FutexQ withOwner(int newOwner) {
    return new FutexQ(tid, newOwner, key);
  }

  FutexQ withKey(FutexKey newKey) {
    return new FutexQ(tid, owner, newKey);
  }

  @Override
  public String toString() {
    return "tid " + tid + (pi() ? " (owner " + owner + ")" : "");
  }
}
