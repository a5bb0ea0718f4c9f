package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What is in the way of MAP_FIXED_NOREPLACE: until v4.19-rc7 only a mapping that has the first
/// page. One that begins later was replaced.
public enum FixedNoreplace implements Decision {
  AT_START,
  /// 7aa867dd8952
  ANYWHERE;

  /// The decision in time.
  public static final History<FixedNoreplace> HISTORY =
      History.of(FixedNoreplace.class, AT_START)
          .then(
              Fix.merged(
                  "7aa867dd8952",
                  "mm/mmap.c: don't clobber partially overlapping VMA with MAP_FIXED_NOREPLACE",
                  "v4.19-rc8",
                  ANYWHERE));

  /// The pages of which one that is mapped refuses the call.
  Pages refusing(Pages asked) {
    return this == ANYWHERE ? asked : new Pages(asked.from(), asked.from() + 1);
  }
}
