package shootdown.check;

import shootdown.sched.OpKind;

/// Operation kinds as constants that a switch of the hot loop can use: the ordinals of [OpKind],
/// and after them what else a vertex of an [Automaton] may be.
final class Code {
  static final int READ = 0;
  static final int READ_MASKED = 1;
  static final int IS = 2;
  static final int TEST = 3;
  static final int WRITE = 4;
  static final int ADD = 5;
  static final int ADD_IS_ZERO = 6;
  static final int ADD_UNLESS_ZERO = 7;
  static final int SWAP = 8;
  static final int CAS = 9;
  static final int OR = 10;
  static final int AND_NOT = 11;
  static final int TEST_AND_SET = 12;
  static final int TEST_AND_CLEAR = 13;
  static final int REPLACE = 14;
  static final int AWAIT = 15;
  static final int SLEEP = 16;
  static final int LOCK = 17;
  static final int TRY_LOCK = 18;
  static final int UNLOCK = 19;
  static final int READ_LOCK = 20;
  static final int TRY_READ_LOCK = 21;
  static final int READ_UNLOCK = 22;
  static final int DOWNGRADE = 23;
  static final int CHOOSE = 24;
  static final int VIOLATE = 25;
  static final int FAIL = 26;
  static final int PROGRESS = 27;

  /// the task has ended
  static final int END = 40;
  /// the task's code threw
  static final int CRASH = 41;
  /// a scope
  static final int CALL = 42;
  /// a scope that is one step
  static final int ATOMIC = 43;
  /// a loop with live values
  static final int LOOP = 44;

  private static final OpKind[] KINDS = OpKind.values();

  private Code() {}

  static OpKind kind(int code) {
    return KINDS[code];
  }

  static boolean isOperation(int code) {
    return code < KINDS.length;
  }
}
