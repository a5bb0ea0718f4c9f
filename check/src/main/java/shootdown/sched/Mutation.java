package shootdown.sched;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What of the code under test is left out on purpose, to see whether somebody notices: at most one
/// site (`function/what`). It also writes down at which sites the code came by, so that all can be
/// named.
///
/// ```text
/// none        nothing is left out, nothing written down
/// recording   nothing is left out; which sites there are, and which of them could matter
/// off         one site is switched off
/// watching    nothing is left out; what happens at one site is looked at as closely as can be
/// ```
///
/// A mutation belongs to a [Program]; several programs of one check may share it.
public final class Mutation {
  /// Nothing is left out, and nothing written down.
  public static final Mutation NONE = new Mutation(Mode.NONE, Optional.empty());

  private static final int MOST_FRAMES = 12;
  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

  private final Mode mode;
  private final Optional<String> site;
  private final Traffic traffic = new Traffic();
  private final Map<String, Kind> met = Collections.synchronizedMap(new TreeMap<>());
  private final Set<String> methods = Collections.synchronizedSet(new TreeSet<>());
  private final Set<String> lines = Collections.synchronizedSet(new TreeSet<>());
  private final Map<String, Set<String>> noticed = new TreeMap<>();

  private enum Mode {
    NONE,
    RECORDING,
    TRACING,
    OFF,
    WATCHING
  }

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

  private Mutation(Mode mode, Optional<String> site) {
    this.mode = mode;
    this.site = site;
  }

  /// Nothing is left out; sites are written down.
  public static Mutation recording() {
    return new Mutation(Mode.RECORDING, Optional.empty());
  }

  /// Nothing is left out; sites are written down, and the methods that operations are performed in.
  public static Mutation tracing() {
    return new Mutation(Mode.TRACING, Optional.empty());
  }

  /// One site is switched off.
  ///
  /// @param site `function/what`: `move_ptes/ptl`
  public static Mutation off(String site) {
    return new Mutation(Mode.OFF, Optional.of(site));
  }

  /// Nothing is left out. Whatever happens at one site that leaving it out could make a difference
  /// to is written down: see [#noticed].
  public static Mutation watching(String site) {
    return new Mutation(Mode.WATCHING, Optional.of(site));
  }

  /// The site that is switched off.
  public Optional<String> site() {
    return mode == Mode.OFF ? site : Optional.empty();
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
    if (mode == Mode.TRACING) {
      StackWalker.getInstance()
          .forEach(frame -> methods.add(frame.getClassName() + "." + method(frame)));
    }
  }

  private static String method(StackWalker.StackFrame frame) {
    var match = LAMBDA.matcher(frame.getMethodName());
    return match.matches() ? match.group(1) : frame.getMethodName();
  }

  /// What happened at a site that leaving it out could make a difference to.
  ///
  /// ```text
  /// kind             recording                    watching, too
  /// lock                                          who had to wait for whom
  /// atomic update                                 how the word changed between its two halves
  /// re-check         it did not hold
  /// flush            what it dropped or awaited
  /// interrupts off                                who waited for them to be on
  /// wait                                          it had to wait
  /// ```
  ///
  /// If all was explored and this is empty, the code behaves likewise with the site switched off.
  public SortedSet<String> noticed(String where) {
    synchronized (noticed) {
      return Collections.unmodifiableSortedSet(
          new TreeSet<>(noticed.getOrDefault(where, Set.of())));
    }
  }

  /// Whether switching off a site could make a difference, as far as a recording can tell: if not,
  /// nothing that could was met in all that was explored.
  public boolean mayMatter(String where) {
    return switch (met.get(where)) {
      case RECHECK -> !noticed(where).isEmpty();
      // to flush is also to wait for those who have interrupts off
      case FLUSH -> !noticed(where).isEmpty() || met().containsValue(Kind.INTERRUPTS);
      case LOCK, ATOMIC -> traffic.meetsOthers(where) || isAsserted(where);
      case INTERRUPTS, WAIT -> true;
    };
  }

  /// Whether a lock that is taken at a site is asserted by its holder.
  public boolean isAsserted(String where) {
    return met.get(where) == Kind.LOCK && traffic.isAsserted(where);
  }

  /// Whether what happens at a site is left out.
  boolean leavesOut(Kind kind, String where) {
    if (mode != Mode.NONE) {
      met.putIfAbsent(where, kind);
    }
    if (mode == Mode.RECORDING) {
      StackWalker.getInstance().walk(frames -> lines.addAll(innermost(frames)));
    }
    return mode == Mode.OFF && isSite(where);
  }

  boolean isWatching(String where) {
    return mode == Mode.WATCHING && isSite(where);
  }

  /// Whether the site that is watched is of this kind.
  boolean isWatching(Kind kind) {
    return mode == Mode.WATCHING && met.get(site.orElseThrow()) == kind;
  }

  boolean isWatching() {
    return mode == Mode.WATCHING;
  }

  void notice(String where, String what) {
    if (mode == Mode.RECORDING || isWatching(where)) {
      synchronized (noticed) {
        noticed.computeIfAbsent(where, _ -> new TreeSet<>()).add(what);
      }
    }
  }

  /// What happens at the site that is watched, wherever that is.
  void noticeAtSite(String what) {
    notice(site.orElseThrow(), what);
  }

  /// A task does something to a word.
  ///
  /// @param where the site at which it does, if it is one
  void traffic(Op op, int task, Optional<String> where) {
    if (mode == Mode.RECORDING) {
      traffic.add(op, task, where);
    }
  }

  /// A task asserts that a lock is held.
  void asserted(int lock, int task) {
    if (mode == Mode.RECORDING) {
      traffic.asserted(lock, task);
    }
  }

  private boolean isSite(String where) {
    return site.filter(where::equals).isPresent();
  }

  /// From here through locks, words and what else carries operations out to who wanted them.
  private static List<String> innermost(Stream<StackWalker.StackFrame> frames) {
    return frames
        .limit(MOST_FRAMES)
        .map(frame -> frame.getClassName() + ":" + frame.getLineNumber())
        .toList();
  }
}
