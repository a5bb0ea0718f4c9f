package shootdown.check;

import java.util.List;

/// Which runs of a program to look at. Only [Exhaustive] proves that something never happens; all
/// others are for what is too large, and say what they covered.
public sealed interface Search {
  /// In a word, with its number if that belongs to it: `exhaustive`, `preemptions:2`, `random`,
  /// `pct:3`, `swarm`.
  default String label() {
    return switch (this) {
      case Exhaustive _ -> "exhaustive";
      case Preemptions(int most) -> "preemptions:" + most;
      case Random _ -> "random";
      case Timed _ -> "timed";
      case Pct(int depth, _) -> "pct:" + depth;
      case Swarm _ -> "swarm";
    };
  }

  /// All.
  record Exhaustive() implements Search {}

  /// All in which a task is stopped `most` times at most, although it could have gone on, for
  /// another task to go on. What daemons do never counts: they are hardware and interrupts.
  ///
  /// @param most 0 to 100
  record Preemptions(int most) implements Search {
    private static final int LIMIT = 100;

    public Preemptions {
      atLeast(0, most, "preemptions");
      if (most > LIMIT) {
        throw new IllegalArgumentException(most + " preemptions: expected at most " + LIMIT);
      }
    }
  }

  /// Runs in which each next step is any task's, all alike.
  ///
  /// @param runs how many; [Long#MAX_VALUE] if only time is to end it
  record Random(long runs) implements Search {
    public Random {
      atLeast(1, runs, "runs");
    }
  }

  /// Runs in simulated time, with tasks that stay at places; see [Simulation].
  ///
  /// @param runs how many; [Long#MAX_VALUE] if only time is to end it
  /// @param windows the places; none for none
  record Timed(long runs, List<Window> windows) implements Search {
    public Timed {
      atLeast(1, runs, "runs");
      windows = List.copyOf(windows);
    }
  }

  /// Probabilistic concurrency testing (Burckhardt et al., 2010): tasks have random priorities, and
  /// lose them at `depth - 1` random moments. A bug that takes `depth` steps in one order is shown
  /// by one run with a probability of at least 1 / (tasks * steps^(depth - 1)).
  ///
  /// @param depth at least 1
  /// @param runs how many; [Long#MAX_VALUE] if only time is to end it
  record Pct(int depth, long runs) implements Search {
    public Pct {
      atLeast(1, depth, "depth");
      atLeast(1, runs, "runs");
    }
  }

  /// Many small searches, each in an order of its own and with a small table of its own, in which
  /// a few bits stand for a state (Holzmann et al., 2008). They look for no livelocks.
  ///
  /// @param searches how many; [Long#MAX_VALUE] if only time is to end it
  /// @param tableBits size of a table in bits, a power of two
  record Swarm(long searches, int tableBits) implements Search {
    /// Half a megabyte: it stays in a processor's cache.
    public static final int TABLE_BITS = 1 << 22;

    public Swarm {
      atLeast(1, searches, "searches");
      if (Integer.bitCount(tableBits) != 1 || tableBits < Long.SIZE) {
        throw new IllegalArgumentException("no table of " + tableBits + " bits");
      }
    }
  }

  private static void atLeast(long least, long number, String of) {
    if (number < least) {
      throw new IllegalArgumentException(number + " " + of + ": expected " + least + " or more");
    }
  }
}
