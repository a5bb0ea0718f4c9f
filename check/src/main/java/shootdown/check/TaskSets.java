package shootdown.check;

/// Sets of tasks that fairness asks for, as bits.
final class TaskSets {
  private TaskSets() {}

  /// Tasks that can perform something in a state.
  static long enabled(Learned learned, Stepper state) {
    int only = learned.only(state.at);
    boolean alone = only >= 0 && learned.automaton.isMid(state.at[only]);
    long can = 0;
    for (int t = 0; t < state.at.length; t++) {
      can |= state.isEnabled(t) && (!alone || t == only) ? 1L << t : 0;
    }
    return can;
  }

  /// Tasks that have not ended and do not sleep in a state.
  static long busy(Learned learned, Stepper state) {
    long works = 0;
    for (int t = 0; t < state.at.length; t++) {
      int code = learned.automaton.code[state.at[t]];
      boolean idle = code == Code.END || (code == Code.SLEEP && !state.isEnabled(t));
      works |= idle ? 0 : 1L << t;
    }
    return works;
  }

  /// Tasks that wait for the lock which task `who` has just released at `vertex`; none if it did
  /// something else.
  static long turns(Learned learned, Stepper state, int who, int vertex) {
    var automaton = learned.automaton;
    int code = automaton.code[vertex];
    if (code != Code.UNLOCK && code != Code.READ_UNLOCK && code != Code.DOWNGRADE) {
      return 0;
    }
    long turns = 0;
    for (int t = 0; t < state.at.length; t++) {
      int waits = automaton.code[state.at[t]];
      if (t != who
          && (waits == Code.LOCK || waits == Code.READ_LOCK)
          && automaton.word[state.at[t]] == automaton.word[vertex]) {
        turns |= 1L << t;
      }
    }
    return turns;
  }
}
