package shootdown.model.mutants;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import shootdown.model.Ending;
import shootdown.model.Planned;
import shootdown.model.TestResult;
import shootdown.model.Violated;

/// What a scenario shows.
///
/// @param oracles that are violated
/// @param endings all ways in which it ends
/// @param incomplete why not all was explored; empty if all was
record Behaviour(Set<String> oracles, Set<String> endings, Optional<String> incomplete) {

  static Behaviour of(TestResult result) {
    return new Behaviour(
        result.violations().stream()
            .map(Violated::oracle)
            .collect(Collectors.toCollection(TreeSet::new)),
        result.endings().stream().map(Ending::text).collect(Collectors.toCollection(TreeSet::new)),
        result.incomplete());
  }

  /// How `mutated` shows that it is not this, which is complete; empty if it does not. What has not
  /// been explored shows nothing.
  Optional<String> difference(Behaviour mutated) {
    var worse = without(mutated.oracles, oracles);
    if (!worse.isEmpty()) {
      return Optional.of(String.join(", ", worse));
    }
    var more = without(mutated.endings, endings);
    if (!more.isEmpty()) {
      return Optional.of("ends with `" + more.iterator().next().strip() + "`");
    }
    if (mutated.incomplete.isPresent()) {
      // what it met is not among what was met without it, and that was all there is
      return mutated.incomplete.filter(why -> why.startsWith(Planned.LIMIT));
    }
    var fewer = without(endings, mutated.endings);
    if (!fewer.isEmpty()) {
      return Optional.of("never ends with `" + fewer.iterator().next().strip() + "`");
    }
    var better = without(oracles, mutated.oracles);
    return better.isEmpty()
        ? Optional.empty()
        : Optional.of("no " + String.join(", ", better));
  }

  private static Set<String> without(Set<String> all, Set<String> some) {
    var rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
