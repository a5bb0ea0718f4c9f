package shootdown.sched;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which tasks change which words, which locks they assert to be held, and which words each site of
/// a [Mutation] is about. A word that nobody else changes needs no lock and no atomic update,
/// unless that is asserted.
final class Traffic {
  private final Map<Integer, BitSet> writers = new HashMap<>();
  private final Map<String, Map<Integer, BitSet>> sites = new HashMap<>();

  private final Map<Integer, BitSet> asserted = new HashMap<>();

  /// A task does something to a word.
  synchronized void add(Op op, int task, Optional<String> site) {
    if (op.kind().writes()) {
      writers.computeIfAbsent(op.word(), _ -> new BitSet()).set(task);
    }
    site.ifPresent(
        name ->
            sites
                .computeIfAbsent(name, _ -> new HashMap<>())
                .computeIfAbsent(op.word(), _ -> new BitSet())
                .set(task));
  }

  /// Whether a word that some task changes at this site is changed by another one, too.
  synchronized boolean meetsOthers(String site) {
    return sites.getOrDefault(site, Map.of()).entrySet().stream()
        .anyMatch(
            e -> hasOthers(writers.getOrDefault(e.getKey(), new BitSet()), e.getValue()));
  }

  /// A task asserts that a lock is held.
  synchronized void asserted(int lock, int task) {
    asserted.computeIfAbsent(lock, _ -> new BitSet()).set(task);
  }

  /// Whether a lock that some task takes at this site is asserted by that task somewhere.
  synchronized boolean isAsserted(String site) {
    return sites.getOrDefault(site, Map.of()).entrySet().stream()
        .anyMatch(e -> e.getValue().intersects(asserted.getOrDefault(e.getKey(), new BitSet())));
  }

  private static boolean hasOthers(BitSet all, BitSet here) {
    return all.cardinality() > 1 || all.cardinality() == 1 && !all.equals(here);
  }
}
