package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import shootdown.sched.Mutation;

/// What the state spaces of all scenarios show of the need for a site: whether anything ever
/// happens that the site could be there for. Where nothing does, the kernel behaves likewise
/// without: that is a proof for these scenarios, and no opinion.
public final class Evidence {
  private final String site;
  private final Mutation.Kind kind;
  private final int tried;
  private final SortedMap<String, List<String>> happens = new TreeMap<>();
  private final List<String> undecided = new ArrayList<>();
  private int all;

  /// @param tried number of scenarios that were run without it, and showed no difference
  Evidence(String site, Mutation.Kind kind, int tried) {
    this.site = site;
    this.kind = kind;
    this.tried = tried;
  }

  void add(String scenario, Set<String> noticed, Optional<String> incomplete) {
    all++;
    incomplete.ifPresent(why -> undecided.add(scenario + ": " + why));
    for (var what : noticed) {
      happens.computeIfAbsent(what, _ -> new ArrayList<>()).add(scenario);
    }
  }

  /// Number of scenarios that come by the site.
  public int all() {
    return all;
  }

  /// Number of those in which others meet what is done there.
  public int tried() {
    return tried;
  }

  /// What happens, and the names of the scenarios where it does.
  public SortedMap<String, List<String>> happens() {
    return Collections.unmodifiableSortedMap(happens);
  }

  /// In one line: for tables.
  public String summary() {
    if (happens.isEmpty()) {
      return never() + (undecided.isEmpty() ? "" : " (" + undecided.size() + " undecided)");
    }
    var parts = new ArrayList<String>();
    happens.forEach((what, where) -> parts.add(what + " (" + where.size() + ")"));
    return String.join("; ", parts);
  }

  /// Whether nothing ever happened that the site could be there for, in all scenarios, each
  /// explored to its end: the mutant is equivalent to the kernel there.
  public boolean isEquivalent() {
    return happens.isEmpty() && undecided.isEmpty();
  }

  private String never() {
    return never(kind);
  }

  /// What [#summary] says of a mutant that [#isEquivalent].
  static String never(Mutation.Kind kind) {
    return switch (kind) {
      case LOCK -> "nobody ever waits for it";
      case ATOMIC -> "nobody ever changes the word in between";
      case RECHECK -> "it always holds";
      case FLUSH -> "nothing is ever to be dropped";
      case INTERRUPTS -> "nobody ever waits for them";
      case WAIT -> "it never waits";
    };
  }

  /// In several lines: what happens, and where.
  public List<String> report() {
    var lines = new ArrayList<String>();
    lines.add(site + ", " + kind.words() + ": " + all + " tests come by, in " + tried
        + " it could matter");
    if (happens.isEmpty()) {
      lines.add("  " + never());
    }
    happens.forEach(
        (what, where) -> {
          lines.add("  " + what + ": " + where.size());
          where.forEach(name -> lines.add("    " + name));
        });
    undecided.forEach(name -> lines.add("  undecided: " + name));
    return lines;
  }
}
