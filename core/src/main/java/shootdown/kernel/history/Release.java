package shootdown.kernel.history;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A mainline release of Linux: `vX.Y`, `v2.6.Z`, or a release candidate of one.
///
/// @param major 2 … 6
/// @param minor after the first dot; of 2.6.Z it is Z
/// @param rc number of the release candidate; [#FINAL] for the release itself
public record Release(int major, int minor, int rc) implements Comparable<Release> {
  /// `rc` of a release that is no candidate.
  public static final int FINAL = Integer.MAX_VALUE;

  /// For each major number: the first minor number, and how many candidates each had from there on.
  /// Facts of the mainline tree's tags.
  private static final Map<Integer, int[]> CANDIDATES =
      Map.of(
          2, new int[] {12, 6, 7, 5, 7, 6, 7, 7, 6, 7, 7, 7, 9, 8, 9, 9, 9, 9, 8, 8, 9, 8, 8, 7, 6,
            8, 8, 8, 7},
          3, new int[] {0, 7, 10, 7, 7, 7, 7, 7, 8, 7, 8, 7, 7, 7, 8, 8, 8, 7, 7, 7, 7},
          4, new int[] {0, 7, 8, 8, 7, 8, 7, 7, 7, 8, 8, 8, 8, 7, 7, 8, 9, 7, 7, 8, 8, 7},
          5, new int[] {0, 8, 7, 7, 8, 8, 7, 7, 7, 7, 8, 7, 7, 8, 7, 7, 7, 8, 8, 7, 8},
          6, new int[] {0, 7, 8, 8, 7, 7, 7, 7, 8, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7});

  private static final Pattern FORM =
      Pattern.compile("v(?:(2)\\.6\\.(\\d{1,2})|([3-9])\\.(\\d{1,2}))(?:-rc(\\d{1,2}))?");

  /// The release with this tag.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Release of(String tag) {
    return find(tag)
        .orElseThrow(() -> new IllegalArgumentException("there is no release " + tag));
  }

  /// The release with this tag, if it exists.
  public static Optional<Release> find(String tag) {
    var match = FORM.matcher(tag);
    if (!match.matches()) {
      return Optional.empty();
    }
    int major = Integer.parseInt(match.group(1) == null ? match.group(3) : match.group(1));
    int minor = Integer.parseInt(match.group(1) == null ? match.group(4) : match.group(2));
    int rc = match.group(5) == null ? FINAL : Integer.parseInt(match.group(5));
    var release = new Release(major, minor, rc);
    return release.exists() ? Optional.of(release) : Optional.empty();
  }

  /// The newest release that is known.
  public static Release latest() {
    var six = CANDIDATES.get(6);
    return new Release(6, six[0] + six.length - 2, FINAL);
  }

  /// All final releases, oldest first.
  public static List<Release> finals() {
    return Stream.of(2, 3, 4, 5, 6)
        .flatMap(
            major -> {
              var series = CANDIDATES.get(major);
              return IntStream.range(0, series.length - 1)
                  .mapToObj(i -> new Release(major, series[0] + i, FINAL));
            })
        .toList();
  }

  private boolean exists() {
    var series = CANDIDATES.get(major);
    if (series == null) {
      return false;
    }
    int at = minor - series[0] + 1;
    return at >= 1 && at < series.length && (rc == FINAL || rc >= 1 && rc <= series[at]);
  }

  @Override
  public int compareTo(Release other) {
    return Comparator.comparingInt(Release::major)
        .thenComparingInt(Release::minor)
        .thenComparingInt(Release::rc)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return (major == 2 ? "v2.6." : "v" + major + ".") + minor + (rc == FINAL ? "" : "-rc" + rc);
  }
}
