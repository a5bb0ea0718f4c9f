package shootdown.host.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What was seen on a machine, beside what the model allows.
///
/// @param seen outcomes that were seen and are allowed, and how often they were seen
/// @param notSeen outcomes that are allowed and were not seen: that is no evidence for anything
/// @param notAllowed outcomes that were seen and are not allowed: the model is wrong, or the kernel
public record Comparison(
    SortedMap<String, Long> seen, Set<String> notSeen, SortedMap<String, Long> notAllowed) {
  /// Addresses from here on are those that a kernel chose where a test left it the choice.
  private static final long CHOSEN = 1L << 40;

  private static final long PAGE = 4096;

  /// @param outcomes as they were seen, with their numbers
  /// @param allowed what the model gives
  public static Comparison of(Map<String, Long> outcomes, List<String> allowed) {
    var seen = new TreeMap<String, Long>();
    var notAllowed = new TreeMap<String, Long>();
    var notSeen = new TreeSet<>(allowed);
    outcomes.forEach(
        (text, count) -> {
          var like = allowed.stream().filter(a -> isLike(text, a)).findFirst();
          if (like.isPresent()) {
            notSeen.remove(like.get());
            seen.merge(like.get(), count, Long::sum);
          } else {
            notAllowed.put(text, count);
          }
        });
    return new Comparison(seen, notSeen, notAllowed);
  }

  public boolean agrees() {
    return notAllowed.isEmpty();
  }

  /// The allowed outcome that has most in common with one that is not.
  public Optional<String> nearest(String notAllowed) {
    var there = List.of(notAllowed.split("; ?"));
    return Stream.concat(seen.keySet().stream(), notSeen.stream())
        .max(Comparator.comparingLong(allowed -> inCommon(there, allowed)));
  }

  private static long inCommon(List<String> values, String outcome) {
    var others = Set.of(outcome.split("; ?"));
    return values.stream().filter(others::contains).count();
  }

  /// Whether the two are the same, or differ only in addresses that the kernel chose: the model's
  /// address space is small, and it chooses others.
  public static boolean isLike(String seen, String allowed) {
    if (seen.equals(allowed)) {
      return true;
    }
    String[] here = seen.split("; ?");
    String[] there = allowed.split("; ?");
    if (here.length != there.length) {
      return false;
    }
    for (int i = 0; i < here.length; i++) {
      if (!here[i].equals(there[i]) && !bothChosen(here[i], there[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean bothChosen(String here, String there) {
    int equals = here.indexOf('=');
    return equals > 0
        && there.startsWith(here.substring(0, equals + 1))
        && isNumber(here.substring(equals + 1))
        && isNumber(there.substring(equals + 1))
        && isChosen(Long.parseLong(here.substring(equals + 1)))
        && isAddress(Long.parseLong(there.substring(equals + 1)));
  }

  private static boolean isNumber(String text) {
    return text.matches("-?\\d{1,18}");
  }

  private static boolean isChosen(long value) {
    return value >= CHOSEN && value % PAGE == 0;
  }

  private static boolean isAddress(long value) {
    return value >= PAGE && value % PAGE == 0;
  }
}
