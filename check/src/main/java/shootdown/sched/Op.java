package shootdown.sched;

/// One operation of a task: what it does, to which word, with which arguments.
///
/// @param kind what it does
/// @param word index of the word in the program's memory, -1 where none is touched
/// @param a first argument, see [OpKind]
/// @param b second argument
public record Op(OpKind kind, int word, long a, long b) {

  /// Whether the operation can be performed when its word holds `v`.
  public boolean enabled(long v) {
    return switch (kind) {
      case AWAIT, SLEEP -> (v & a) == b;
      case LOCK -> v == 0;
      case READ_LOCK -> v >= 0;
      default -> true;
    };
  }

  /// What the word holds afterwards, if it held `v` and task number `task` performs this.
  public long after(long v, int task) {
    return switch (kind) {
      case WRITE, SWAP -> a;
      case ADD, ADD_IS_ZERO -> v + a;
      case ADD_UNLESS_ZERO -> v == 0 ? v : v + a;
      case CAS -> v == a ? b : v;
      case OR, TEST_AND_SET -> v | a;
      case AND_NOT, TEST_AND_CLEAR -> v & ~a;
      case REPLACE -> (v & ~a) | (b & a);
      case LOCK -> -(task + 1L);
      case TRY_LOCK -> v == 0 ? -(task + 1L) : v;
      case UNLOCK -> 0;
      case READ_LOCK -> v + 1;
      case TRY_READ_LOCK -> v >= 0 ? v + 1 : v;
      case READ_UNLOCK -> v - 1;
      case DOWNGRADE -> 1;
      case READ, READ_MASKED, IS, TEST, AWAIT, SLEEP, CHOOSE, VIOLATE, FAIL, PROGRESS -> v;
    };
  }

  /// What the task is told, if the word held `v` before.
  public long result(long v) {
    return switch (kind) {
      case READ, SWAP -> v;
      case READ_MASKED -> v & a;
      case IS, CAS -> v == a ? 1 : 0;
      case TEST, TEST_AND_SET, TEST_AND_CLEAR -> (v & a) != 0 ? 1 : 0;
      case ADD_IS_ZERO -> v + a == 0 ? 1 : 0;
      case ADD_UNLESS_ZERO -> v != 0 ? 1 : 0;
      case TRY_LOCK -> v == 0 ? 1 : 0;
      case TRY_READ_LOCK -> v >= 0 ? 1 : 0;
      default -> 0;
    };
  }
}
