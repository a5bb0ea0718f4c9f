package shootdown.host.worker;

/// The memory that a worker shares with the process that drives it: words at fixed addresses, then
/// the slots of the test, then a ring of records. Offsets are in bytes, from [#BASE].
///
/// What two threads write lies in different cache lines.
public final class Control {
  /// Where it is mapped in the worker.
  public static final long BASE = 0x1000_0000L;

  /// A [Status].
  public static final int STATUS = 0x000;
  /// What the status is about: the number of a step, or the address of an instruction.
  public static final int DETAIL = 0x008;
  /// An error number, or the address that was accessed.
  public static final int DETAIL_2 = 0x010;
  /// Rounds after which to end.
  public static final int LIMIT = 0x018;
  /// Seconds after which the worker is ended by a signal, whatever happens.
  public static final int ALARM = 0x078;
  /// Not 0: to end after this round.
  public static final int STOP = 0x020;
  /// The process that drives it and starts it; the worker ends when that is no longer its parent.
  public static final int PARENT = 0x028;
  /// Where the next mapping of the initial state is put.
  static final int NEXT_ADDRESS = 0x038;
  /// A `struct sigaction` of the kernel: 4 words.
  static final int SIGACTION = 0x040;
  /// A `struct timespec`.
  static final int PATIENCE = 0x060;
  /// Buffer of a page of zeros.
  static final int ZERO_WORD = 0x070;

  /// Records written since the start.
  public static final int PRODUCED = 0x080;
  /// Records that were read.
  public static final int CONSUMED = 0x0C0;
  /// Threads at the barrier.
  static final int ARRIVED = 0x100;
  /// Of the barrier: changes when all have arrived; a futex.
  static final int GENERATION = 0x140;
  /// Threads that sleep at the barrier.
  static final int SLEEPERS = 0x180;
  /// Time stamp before which nobody starts.
  static final int START = 0x1C0;
  /// By how many ticks of the time stamp a thread may start later.
  static final int WINDOW = 0x200;
  /// How long the longest thread of a round takes, in ticks; about the median.
  public static final int DURATION = 0x208;

  /// How often the window is halved at most, by chance: one less than a power of two.
  public static final int SCALES = 0x210;

  /// How often a clean page of a file was dropped, just to see whether that can be done here.
  public static final int TRIALS = 0x218;
  /// How often it was gone then.
  public static final int DROPPED = 0x220;
  /// Not 0: threads wait for a file to be quiet before they drop its pages in this round.
  static final int QUIET = 0x228;

  /// How many threads have come to where they meet.
  static final int MET = 0x300;
  /// Which [Plan.Line#way] the round is counted for.
  static final int WAY = 0x340;

  /// A `struct timespec`: how long a wait lasts that a test lets end.
  static final int TIMEOUT = 0x240;
  /// Header and contents of an empty set of capabilities; before, a `struct rlimit`.
  static final int CAPABILITIES = 0x280;

  private static final int THREADS = 0x400;
  static final int THREAD_SIZE = 0x140;

  private Control() {}

  /// What has become of a worker.
  public enum Status {
    STARTING, RUNNING, DONE, CRASHED, FAILED, ORPHANED;

    public static Status of(long code) {
      return values()[(int) code];
    }
  }

  /// Words of a thread, from its block on.
  public enum ThreadWord {
    /// State of a generator of random numbers, not 0.
    RANDOM,
    /// When it began, in ticks: not when it should have, for then it may have had no CPU.
    BEGIN,
    /// Ticks from then to its end.
    DURATION,
    /// The signal that ended it.
    SIGNAL,
    /// Whether it ended.
    ENDED,
    /// Whether it began; a process, whether it was forked.
    STARTED,
    /// Its identifier in the kernel.
    TID,
    /// The stack pointer at its start.
    STACK,
    /// Process that it forked and not yet waited for: of this thread's, a child's, own.
    PID,
    /// A `struct iovec`: an address, and a number of bytes in the next word.
    SEGMENT,
    SEGMENT_LENGTH,
    /// Number of the point at which it meets another thread; 0 for none.
    MEET,
    /// Whether it goes on from there behind the other one.
    FOLLOWS,
    /// Ticks by which it does so later.
    LATE,
    /// Address of the block of the thread that it meets.
    PARTNER,
    /// Ticks for which it waits there.
    PATIENCE,
    /// Ticks up to which it pauses before each statement, at random.
    PACE,
    /// What that becomes when it has met the other one.
    NEXT_PACE,
    /// Not 0 from there to the end of the next statement.
    INSIDE,
    /// How often a page was gone that it asked the kernel to reclaim.
    SHRUNK,
    /// How often there was a huge page where it asked for one.
    COLLAPSED,
    /// How often it read what was not in the page cache.
    MISSED,
    /// How often two pages were one that it asked the kernel to merge.
    MERGED
  }

  /// Words of the CPU mask of a thread lie behind its other words.
  static final int AFFINITY = 0xC0;

  public static final int AFFINITY_BYTES = 0x80;

  /// Offset of the block of thread `index`.
  public static int thread(int index) {
    return THREADS + THREAD_SIZE * index;
  }

  public static int word(int index, ThreadWord word) {
    return thread(index) + Long.BYTES * word.ordinal();
  }

  /// Offset of the CPU mask of thread `index`: [#AFFINITY_BYTES].
  public static int affinity(int index) {
    return thread(index) + AFFINITY;
  }
}
