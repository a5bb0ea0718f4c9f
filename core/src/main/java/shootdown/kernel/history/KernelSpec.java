package shootdown.kernel.history;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Which kernel a user means: `v4.9-rc5`, `latest`, `v4.8+5d1904204c99`, `latest-5d1904204c99`;
/// with a fix of the user's own, which comes last: `v4.9-rc5+MyFix.java`, or `MyFix.java` for that
/// on the newest one.
///
/// @param text as it was written
/// @param base the release
/// @param added fixes that are in though the release does not have them
/// @param removed fixes that are out though the release has them
/// @param own a fix of the user's own, which counts whatever Linux decided
public record KernelSpec(
    String text, Release base, Set<String> added, Set<String> removed, Optional<OwnFix> own) {
  private static final String COMMIT = "[0-9a-f]{12}";
  private static final String VARIANT = "~[a-z][a-z0-9-]*?(?=[+-]" + COMMIT + "|$)";
  private static final Pattern PART =
      Pattern.compile("([+-])(" + COMMIT + "(?:" + VARIANT + ")?)");
  private static final String LATEST = "latest";
  private static final String RELEASED =
      "(latest|v[0-9.]+(?:-rc[0-9]+)?)((?:" + PART.pattern() + ")*)";
  private static final Pattern FORM = Pattern.compile(RELEASED);
  private static final Pattern OWN =
      Pattern.compile("(?:(?<released>" + RELEASED + ")\\+)?(?<file>.+\\.java)");

  /// What is wrong with a spec.
  public static final class SpecException extends Exception {
    private static final long serialVersionUID = 1;

    SpecException(String message) {
      super(message);
    }
  }

  /// The file of the user's own fix that a spec names, if it does.
  public static Optional<String> ownFile(String text) {
    var match = OWN.matcher(text);
    return match.matches() ? Optional.of(match.group("file")) : Optional.empty();
  }

  /// Reads a spec that names no fix of the user's own.
  ///
  /// @throws SpecException if the form is wrong, the release does not exist, or a fix is not in
  ///     `histories`
  public static KernelSpec parse(String text, List<History<?>> histories) throws SpecException {
    return parse(text, histories, List.of());
  }

  /// Reads a spec.
  ///
  /// @param ownFixes those that it may name by their files
  /// @throws SpecException if the form is wrong, the release does not exist, or a fix is not in
  ///     `histories`, nor among the user's own
  public static KernelSpec parse(
      String text, List<History<?>> histories, List<OwnFix> ownFixes) throws SpecException {
    var match = OWN.matcher(text);
    if (!match.matches()) {
      return released(text, histories);
    }
    String file = match.group("file");
    String released = match.group("released") == null ? LATEST : match.group("released");
    var own = ownFixes.stream().filter(fix -> fix.file().equals(file)).findFirst();
    if (own.isEmpty()) {
      throw new SpecException("'" + text + "': a fix of one's own cannot be named here");
    }
    var base = released(released, histories);
    return new KernelSpec(text, base.base, base.added, base.removed, own);
  }

  private static KernelSpec released(String text, List<History<?>> histories)
      throws SpecException {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new SpecException(
          "'" + text + "' names no kernel: expected vX.Y[-rcN] or latest,"
              + " then +COMMIT or -COMMIT (12 digits), or a fix of your own: FILE.java");
    }
    var base = match.group(1).equals(LATEST) ? Optional.of(Release.latest())
        : Release.find(match.group(1));
    if (base.isEmpty()) {
      throw new SpecException("there is no mainline release " + match.group(1));
    }
    var added = new LinkedHashSet<String>();
    var removed = new LinkedHashSet<String>();
    var parts = PART.matcher(match.group(2));
    while (parts.find()) {
      if (!known(parts.group(2), histories)) {
        throw new SpecException("no fix " + parts.group(2) + ": see 'shootdown list fixes'");
      }
      (parts.group(1).equals("+") ? added : removed).add(parts.group(2));
    }
    return new KernelSpec(text, base.get(), added, removed, Optional.empty());
  }

  private static boolean known(String id, List<History<?>> histories) {
    return histories.stream().flatMap(h -> h.fixes().stream()).anyMatch(f -> f.id().equals(id));
  }

  /// Whether a fix is in.
  public boolean has(Fix fix) {
    if (removed.contains(fix.id())) {
      return false;
    }
    return added.contains(fix.id())
        || fix.release().map(r -> r.compareTo(base) <= 0).orElse(false);
  }

  /// What this kernel decides.
  public Decisions decisions(List<History<?>> histories) {
    var decisions = new Decisions(histories, this::has);
    for (var fix : own.stream().toList()) {
      for (var kind : fix.kinds(histories)) {
        decisions = with(decisions, kind, fix.decision());
      }
    }
    return decisions;
  }

  private static <D extends Decision> Decisions with(
      Decisions decisions, Class<D> kind, Decision value) {
    return decisions.with(kind, kind.cast(value));
  }

  /// The fixes among `histories` that are in.
  public List<Fix> fixes(List<History<?>> histories) {
    var in = new ArrayList<Fix>();
    for (var history : histories) {
      history.fixes().stream().filter(this::has).forEach(in::add);
    }
    return in;
  }

  @Override
  public String toString() {
    return text;
  }
}
