package shootdown.host.fuzz;

import shootdown.litmus.LitmusTest;

/// What random programs are about.
public enum Repertoire {
  /// The whole table of system calls, and its edges.
  ALL {
    @Override
    LitmusTest sequential(long seed, long number) {
      return ProgramGenerator.sequential(seed, number);
    }

    @Override
    LitmusTest concurrent(long seed, long number) {
      return ProgramGenerator.concurrent(seed, number);
    }
  },

  /// Huge pages.
  HUGE {
    @Override
    LitmusTest sequential(long seed, long number) {
      return HugeGenerator.sequential(seed, number);
    }

    @Override
    LitmusTest concurrent(long seed, long number) {
      return HugeGenerator.concurrent(seed, number);
    }
  };

  /// Program `number` of one thread, which may have a child that it waits for: a function of the
  /// seed and the number alone.
  abstract LitmusTest sequential(long seed, long number);

  /// Program `number` of two threads.
  abstract LitmusTest concurrent(long seed, long number);
}
