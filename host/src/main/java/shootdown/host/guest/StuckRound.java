package shootdown.host.guest;

import java.util.HashMap;
import java.util.Map;
import shootdown.host.run.HostFailure;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.worker.Slots;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;

/// A round that does not end: what its threads do, from what the guest says of them.
final class StuckRound {
  private static final String FUTEX = "202 "; // the system call's number
  private static final int STATE = 0;
  private static final int SYSTEM_TIME = 12; // both counted from behind the name
  private static final long TICKS_PER_SECOND = 100;

  private final LitmusTest test;
  private final Slots slots;
  private final Frame control;
  private final long patienceNanos;
  private final Map<Long, String> stats = new HashMap<>();
  private final Map<Long, String> calls = new HashMap<>();

  StuckRound(LitmusTest test, Slots slots, Frame control, long patienceNanos) {
    this.test = test;
    this.slots = slots;
    this.control = control;
    this.patienceNanos = patienceNanos;
  }

  void stat(Frame frame) {
    stats.put(frame.number(), frame.text());
  }

  void call(Frame frame) {
    calls.put(frame.number(), frame.text());
  }

  /// Whether the kernel has killed a thread in a system call or at a page fault, as it does at its
  /// own bugs: what it held then is held for ever.
  boolean isKilled() {
    return test.threads().stream().anyMatch(this::isKilled);
  }

  private boolean isKilled(LitmusThread thread) {
    String[] fields = behindName(stats.getOrDefault((long) slots.index(thread), ""));
    return isSet(thread, ThreadWord.STARTED)
        && !isSet(thread, ThreadWord.ENDED)
        && (fields[STATE].equals("Z") || fields[STATE].equals("X"));
  }

  /// `P0 asleep;` for a thread that nobody wakes, `P0 never ends;` for one that has used the time
  /// in the kernel, `P0 killed by the kernel;` for one that is dead. Of others nothing is said
  /// then.
  ///
  /// @throws HostFailure if a thread does anything else
  String text() throws HostFailure {
    boolean isKilled = isKilled();
    var text = new StringBuilder();
    for (var thread : test.threads()) {
      if (isSet(thread, ThreadWord.ENDED)) {
        continue;
      }
      if (isKilled) {
        if (isKilled(thread)) {
          text.append(thread.name()).append(" killed by the kernel; ");
        }
        continue;
      }
      if (isSet(thread, ThreadWord.STARTED)) {
        text.append(thread.name()).append(' ').append(what(thread)).append("; ");
      } else if (thread.kind() != LitmusThread.Kind.CHILD) {
        throw new HostFailure(thread.name() + " did not begin a round: " + line(thread));
      }
    }
    if (text.isEmpty()) {
      throw new HostFailure("the guest does nothing, and all threads of a round have ended");
    }
    return text.toString().strip();
  }

  private String what(LitmusThread thread) throws HostFailure {
    long index = slots.index(thread);
    String[] fields = behindName(stats.getOrDefault(index, ""));
    boolean known = fields.length > SYSTEM_TIME;
    if (known && fields[STATE].equals("S") && calls.getOrDefault(index, "").startsWith(FUTEX)) {
      return "asleep";
    }
    if (known && fields[STATE].equals("R") && nanos(fields[SYSTEM_TIME]) > patienceNanos / 2) {
      return "never ends";
    }
    throw new HostFailure(
        "nothing came of a round for " + patienceNanos / 1_000_000 + " ms: " + line(thread));
  }

  private static long nanos(String ticks) {
    return Long.parseLong(ticks) * (1_000_000_000 / TICKS_PER_SECOND);
  }

  private String line(LitmusThread thread) {
    long index = slots.index(thread);
    return thread.name() + " has the state " + stats.getOrDefault(index, "(unknown)")
        + " in the system call " + calls.getOrDefault(index, "(unknown)");
  }

  private static String[] behindName(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
  }

  /// What is known of the round: nobody looks at the guest's memory and files.
  long[] record() {
    return slots.recordNow(offset -> control.word((int) offset), Slots.Remains.UNKNOWN);
  }

  private boolean isSet(LitmusThread thread, ThreadWord word) {
    return word(thread, word) != 0;
  }

  private long word(LitmusThread thread, ThreadWord word) {
    return control.word(Control.word(slots.index(thread), word));
  }
}
