package shootdown.sched;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What of the code under test is left out on purpose, to see whether somebody notices: at most one
/// site (`function/what`). It also writes down at which sites the code came by, so that all can be
/// named.
///
/// A mutation belongs to a [Program]; several programs of one check may share it.
public final class Mutation {
  /// Nothing is left out, and nothing written down.
  public static final Mutation NONE = new Mutation(Optional.empty(), false, false);

  private static final int MOST_FRAMES = 12;
  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

  private final Optional<String> off;
  private final boolean records;
  private final boolean traces;
  private final Map<String, Kind> met = Collections.synchronizedMap(new TreeMap<>());
  private final Set<String> methods = Collections.synchronizedSet(new TreeSet<>());
  private final Set<String> lines = Collections.synchronizedSet(new TreeSet<>());

  /// What can be left out, and what happens instead.
  public enum Kind {
    /// the lock is not taken, nor released; its holder believes that it holds it
    LOCK("lock"),
    /// nothing is invalidated
    FLUSH("flush"),
    /// an atomic read-modify-write becomes a read and a plain write, two steps
    ATOMIC("atomic update"),
    /// a condition that is looked at again is taken to hold still
    RECHECK("re-check"),
    /// interrupts stay on
    INTERRUPTS("interrupts off"),
    /// the task does not wait
    WAIT("wait");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /// Whether a task that runs alone could show the difference.
    public boolean showsAlone() {
      return switch (this) {
        case FLUSH, RECHECK -> true;
        case LOCK, ATOMIC, INTERRUPTS, WAIT -> false;
      };
    }

    /// In words, for tables.
    public String words() {
      return words;
    }
  }

  private Mutation(Optional<String> off, boolean records, boolean traces) {
    this.off = off;
    this.records = records;
    this.traces = traces;
  }

  /// Nothing is left out; sites are written down.
  public static Mutation recording() {
    return new Mutation(Optional.empty(), true, false);
  }

  /// Nothing is left out; sites are written down, and the methods that operations are performed in.
  public static Mutation tracing() {
    return new Mutation(Optional.empty(), true, true);
  }

  /// One site is switched off.
  ///
  /// @param site `function/what`: `move_ptes/ptl`
  public static Mutation off(String site) {
    return new Mutation(Optional.of(site), true, false);
  }

  /// The site that is switched off.
  public Optional<String> site() {
    return off;
  }

  /// The sites that the code came by so far.
  public SortedMap<String, Kind> met() {
    synchronized (met) {
      return Collections.unmodifiableSortedMap(new TreeMap<>(met));
    }
  }

  /// The calls, as `class:line`, that were under way when the code came by a site: the innermost
  /// ones of each.
  public Set<String> lines() {
    synchronized (lines) {
      return Collections.unmodifiableSet(new TreeSet<>(lines));
    }
  }

  /// The methods, as `class.method`, that were under way when an operation was performed, if that
  /// is written down. A lambda counts as the method that it stands in.
  public Set<String> methods() {
    synchronized (methods) {
      return Collections.unmodifiableSet(new TreeSet<>(methods));
    }
  }

  /// An operation is about to be performed.
  void performs() {
    if (traces) {
      StackWalker.getInstance()
          .forEach(frame -> methods.add(frame.getClassName() + "." + method(frame)));
    }
  }

  private static String method(StackWalker.StackFrame frame) {
    var match = LAMBDA.matcher(frame.getMethodName());
    return match.matches() ? match.group(1) : frame.getMethodName();
  }

  /// Whether what happens at a site is left out.
  boolean leavesOut(Kind kind, String site) {
    if (records) {
      met.putIfAbsent(site, kind);
      StackWalker.getInstance().walk(frames -> lines.addAll(innermost(frames)));
    }
    return off.filter(site::equals).isPresent();
  }

  /// From here through locks, words and what else carries operations out to who wanted them.
  private static List<String> innermost(Stream<StackWalker.StackFrame> frames) {
    return frames
        .limit(MOST_FRAMES)
        .map(frame -> frame.getClassName() + ":" + frame.getLineNumber())
        .toList();
  }
}
