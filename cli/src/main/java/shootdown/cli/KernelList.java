package shootdown.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.history.Release;

/// What `list fixes` and `list kernels` say of the kernel's history.
final class KernelList {
  private static final String NEVER_MERGED = "-";

  private final List<Dated> fixes = new ArrayList<>();

  /// A fix, the decision that it changes, and the release it belongs to: a variant's is that of
  /// its commit.
  private record Dated(Fix fix, String decision, Release release) {}

  KernelList(List<History<?>> histories) {
    for (History<?> history : histories) {
      for (Fix fix : history.fixes()) {
        String decision = history.decision().getSimpleName();
        fixes.add(new Dated(fix, decision, release(fix, history)));
      }
    }
    fixes.sort(Comparator.comparing(Dated::release));
  }

  private static Release release(Fix fix, History<?> history) {
    return fix.release()
        .or(() -> history.fixes().stream()
            .filter(other -> fix.id().startsWith(other.id() + "~"))
            .findFirst()
            .flatMap(Fix::release))
        .orElseGet(Release::latest);
  }

  /// All fixes, oldest release first; a variant stands behind its commit, with no release.
  List<String> fixes() {
    var table = new Table().row("FIX", "FIRST IN", "DECISION", "TITLE");
    for (Dated dated : fixes) {
      Fix fix = dated.fix();
      table.row(
          fix.id(), fix.release().map(Release::toString).orElse(NEVER_MERGED), dated.decision(),
          fix.title());
    }
    return table.lines();
  }

  /// The releases that first have some fix, oldest first, and the newest.
  List<String> kernels() {
    var releases = new TreeMap<Release, List<String>>();
    for (Dated dated : fixes) {
      if (dated.fix().release().isPresent()) {
        releases.computeIfAbsent(dated.release(), _ -> new ArrayList<>()).add(what(dated));
      }
    }
    releases.computeIfAbsent(Release.latest(), _ -> new ArrayList<>()).add("the newest: latest");
    var table = new Table().row("RELEASE", "WHAT IT CHANGES");
    releases.forEach(
        (release, changes) -> {
          table.row(release.toString(), changes.getFirst());
          changes.stream().skip(1).forEach(change -> table.row("", change));
        });
    return table.lines();
  }

  private static String what(Dated dated) {
    return dated.decision() + ": " + dated.fix().id() + " " + dated.fix().title();
  }
}
