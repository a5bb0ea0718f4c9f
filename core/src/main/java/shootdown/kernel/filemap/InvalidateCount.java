package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a clean page that is dropped from the page cache must have no other references. Who has
/// one may map the page, a moment after it was looked whether anybody does.
///
/// | release | |
/// |---|---|
/// | v2.6.17 | no |
/// | v2.6.18 | yes: 016eb4a0ed06 |
public enum InvalidateCount implements Decision {
  IGNORED,
  COUNTED;

  /// The decision in time.
  public static final History<InvalidateCount> HISTORY =
      History.of(InvalidateCount.class, IGNORED)
          .then(
              Fix.merged(
                  "016eb4a0ed06",
                  "[PATCH] invalidate_complete_page() race fix",
                  "v2.6.18-rc7",
                  COUNTED));
}
