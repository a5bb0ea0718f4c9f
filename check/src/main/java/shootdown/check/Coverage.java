package shootdown.check;

import java.util.Locale;
import java.util.OptionalInt;

/// What a search covered that does not cover all.
///
/// @param search which
/// @param runs how many runs, or searches of a swarm, it made; for bounded preemptions, passes
/// @param ended how many of them came to their own end: a run to a state in which nobody goes on,
///     or from which nothing new comes; a search of a swarm before its table was full
/// @param states different ones met, of those that can be told apart
/// @param exact whether `states` is a count, not an estimate (within some 2 %)
/// @param longest steps of the longest run, or of the longest path of a search
/// @param preemptions all runs with so many were covered; empty where that was not the aim
/// @param seed of the first run or search; the i-th search of a swarm has the seed `seed + i`
public record Coverage(
    Search search,
    long runs,
    long ended,
    long states,
    boolean exact,
    long longest,
    OptionalInt preemptions,
    long seed) {

  /// As a sentence's part: `a random search: 1,000 runs, 345 states, longest run 67 steps, seed 0`.
  @Override
  public String toString() {
    return switch (search) {
      case Search.Exhaustive _ -> "an exhaustive search: " + met();
      case Search.Preemptions _ ->
          preemptions.isPresent()
              ? "complete up to " + number(preemptions.getAsInt(), "preemption")
              : "not even complete without preemptions";
      case Search.Random _ -> "a random search: " + sampled();
      case Search.Timed _ -> "a random search in simulated time: " + sampled();
      case Search.Pct(int depth, _) -> "a PCT search of depth " + depth + ": " + sampled();
      case Search.Swarm _ ->
          "a swarm search: " + number(runs, "search", "searches") + ", " + ended
              + " to the end, " + met() + ", longest path " + number(longest, "step") + ", "
              + (runs == 1 ? "seed " + seed : "seeds " + seed + " to " + (seed + runs - 1))
              + ", livelocks not looked for";
    };
  }

  private String sampled() {
    return number(runs, "run")
        + (ended < runs ? " (" + grouped(runs - ended) + " cut short)" : "")
        + ", " + met() + ", longest run " + number(longest, "step") + ", seed " + seed;
  }

  private String met() {
    return (exact ? "" : "about ") + number(states, "state");
  }

  private static String number(long n, String of) {
    return number(n, of, of + "s");
  }

  private static String number(long n, String one, String several) {
    return grouped(n) + " " + (n == 1 ? one : several);
  }

  private static String grouped(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
