package shootdown.sched;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What of the code under test is left out on purpose, to see whether somebody notices: at most one
/// site (`function/what`). It also writes down at which sites the code came by, so that all can be
/// named.
///
/// A mutation belongs to a [Program]; several programs of one check may share it.
public final class Mutation {
  /// Nothing is left out, and nothing written down.
  public static final Mutation NONE = new Mutation(Optional.empty(), false);

  private static final int MOST_FRAMES = 12;

  private final Optional<String> off;
  private final boolean records;
  private final Map<String, Kind> met = Collections.synchronizedMap(new TreeMap<>());
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

  private Mutation(Optional<String> off, boolean records) {
    this.off = off;
    this.records = records;
  }

  /// Nothing is left out; sites are written down.
  public static Mutation recording() {
    return new Mutation(Optional.empty(), true);
  }

  /// One site is switched off.
  ///
  /// @param site `function/what`: `move_ptes/ptl`
  public static Mutation off(String site) {
    return new Mutation(Optional.of(site), true);
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
