package shootdown.kernel.history;

import java.util.Optional;

/// A commit that changed one [Decision].
///
/// @param id 12 hex digits of the commit; for a variant that was never merged, those of the commit
///     that it belongs to, `~` and a name
/// @param title the commit's title
/// @param release the first release that has it; empty for a variant, which only `+id` selects
/// @param decision what is decided from then on
public record Fix(String id, String title, Optional<Release> release, Decision decision) {
  /// A merged commit.
  public static Fix merged(String commit, String title, String release, Decision decision) {
    return new Fix(commit, title, Optional.of(Release.of(release)), decision);
  }

  /// A variant of a commit: a mistaken or an alternative fix, for experiments.
  public static Fix variant(String id, String title, Decision decision) {
    return new Fix(id, title, Optional.empty(), decision);
  }

  @Override
  public String toString() {
    return id + " (\"" + title + "\")";
  }
}
