package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether who makes a hole in shared memory looks again where it has removed a page, until there
/// is none. Nothing keeps faults from making new ones meanwhile.
///
/// | | |
/// |---|---|
/// | before v3.1 | no |
/// | v3.1 | yes: d0823576bf4b |
/// | v3.16 | no: b1a366500bd5 |
public enum HoleRescan implements Decision {
  ONCE,
  UNTIL_GONE;

  /// The decision in time. The first change went in on 26 July 2011, in the merge window of v3.1.
  /// The second was on its way upstream on 22 July 2014, after v3.16-rc6: that it is in the next
  /// release candidate was not looked up.
  public static final History<HoleRescan> HISTORY =
      History.of(HoleRescan.class, ONCE)
          .then(
              Fix.merged(
                  "d0823576bf4b",
                  "mm: pincer in truncate_inode_pages_range",
                  "v3.1-rc1",
                  UNTIL_GONE))
          .then(
              Fix.merged(
                  "b1a366500bd5",
                  "shmem: fix splicing from a hole while it's punched",
                  "v3.16-rc7",
                  ONCE));
}
