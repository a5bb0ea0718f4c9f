package shootdown.sched;

/// What an operation on one shared word does. `v` is the word's value before it.
///
/// Every operation touches at most one word, is atomic, and tells its task as little as it can:
/// what is told becomes part of the task's history, and so of the state.
public enum OpKind {
  /// tells `v`
  READ,
  /// tells `v & a`
  READ_MASKED,
  /// tells 1 if `v == a`, else 0
  IS,
  /// tells 1 if `v & a` is not 0, else 0
  TEST,
  /// `v = a`
  WRITE,
  /// `v += a`
  ADD,
  /// `v += a`; tells 1 if it is 0 now, else 0
  ADD_IS_ZERO,
  /// if `v != 0` then `v += a` and tells 1, else tells 0
  ADD_UNLESS_ZERO,
  /// `v = a`; tells what `v` was
  SWAP,
  /// if `v == a` then `v = b` and tells 1, else tells 0
  CAS,
  /// `v |= a`
  OR,
  /// `v &= ~a`
  AND_NOT,
  /// `v |= a`; tells 1 if `v & a` was not 0, else 0
  TEST_AND_SET,
  /// `v &= ~a`; tells 1 if `v & a` was not 0, else 0
  TEST_AND_CLEAR,
  /// `v = (v & ~a) | (b & a)`
  REPLACE,
  /// waits until `(v & a) == b`
  AWAIT,
  /// as [#AWAIT]; a task that waits here for ever is asleep and not deadlocked
  SLEEP,
  /// waits until `v == 0`, then `v = -(task + 1)`
  LOCK,
  /// as [#LOCK] and tells 1 if `v == 0`, else tells 0
  TRY_LOCK,
  /// `v = 0`
  UNLOCK,
  /// waits until `v >= 0`, then `v += 1`
  READ_LOCK,
  /// as [#READ_LOCK] and tells 1 if `v >= 0`, else tells 0
  TRY_READ_LOCK,
  /// `v -= 1`
  READ_UNLOCK,
  /// from held for writing to held by one reader: `v = 1`
  DOWNGRADE,
  /// tells any of 0 … a-1: the checker follows each; touches no word. They are names of kind b-1,
  /// see [Alike], where b is positive; the answer to question -1-b, see [Steps#chooseByHabit],
  /// where it is negative
  CHOOSE,
  /// reports violation number `a` of the program and goes on; touches no word
  VIOLATE,
  /// reports violation number `a` of the program and ends this path; touches no word
  FAIL,
  /// the task got something done: a cycle with such a step is no livelock; touches no word
  PROGRESS;

  /// Whether the operation may have to wait.
  public boolean waits() {
    return switch (this) {
      case AWAIT, SLEEP, LOCK, READ_LOCK -> true;
      default -> false;
    };
  }

  /// Whether it touches a word at all.
  public boolean touchesWord() {
    return switch (this) {
      case CHOOSE, VIOLATE, FAIL, PROGRESS -> false;
      default -> true;
    };
  }

  /// Whether it may change its word.
  public boolean writes() {
    return touchesWord()
        && switch (this) {
          case READ, READ_MASKED, IS, TEST, AWAIT, SLEEP -> false;
          default -> true;
        };
  }

  /// Whether it reads its word and writes it, in one step; locking apart.
  public boolean updates() {
    return writes() && !isLocking() && this != WRITE;
  }

  /// Whether it takes, tries, converts or releases a lock.
  public boolean isLocking() {
    return switch (this) {
      case LOCK, TRY_LOCK, UNLOCK, READ_LOCK, TRY_READ_LOCK, READ_UNLOCK, DOWNGRADE -> true;
      default -> false;
    };
  }
}
