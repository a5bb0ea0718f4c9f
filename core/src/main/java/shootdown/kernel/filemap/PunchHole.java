package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How MADV_REMOVE makes a hole in a file on disk. Its pages leave the page cache, then its blocks
/// are freed. A page that is brought in between has the contents of blocks that are freed next.
///
/// ```text
/// release   | pages leave the cache            | meanwhile
/// ----------+----------------------------------+---------------------------------------------
/// v3.4      | there are no holes but in shared memory: ENOSYS
/// v3.5-rc1  | before the blocks are freed      | faults, reads and read-ahead bring pages in
/// v3.17-rc1 | before and after                 | likewise; who stored to one loses that
/// v4.5-rc1  | before                           | reads and read-ahead do
/// v5.15-rc1 | before                           | nobody does
/// ```
public enum PunchHole implements Decision {
  UNKNOWN,
  /// 3f31d07571ee
  ONCE,
  /// e251f9bca99c
  TWICE,
  /// ea3d7209ca01
  WITHOUT_FAULTS,
  /// d4f5258eae7b
  ALONE;

  /// The decision in time. The last three commits were read; releases are told by their dates.
  public static final History<PunchHole> HISTORY =
      History.of(PunchHole.class, UNKNOWN)
          .then(
              Fix.merged(
                  "3f31d07571ee",
                  "mm/fs: route MADV_REMOVE to FALLOC_FL_PUNCH_HOLE",
                  "v3.5-rc1",
                  ONCE))
          .then(
              Fix.merged(
                  "e251f9bca99c",
                  "ext4: avoid exposure of stale data in ext4_punch_hole()",
                  "v3.17-rc1",
                  TWICE))
          .then(
              Fix.merged(
                  "ea3d7209ca01",
                  "ext4: fix races between page faults and hole punching",
                  "v4.5-rc1",
                  WITHOUT_FAULTS))
          .then(
              Fix.merged(
                  "d4f5258eae7b",
                  "ext4: Convert to use mapping->invalidate_lock",
                  "v5.15-rc1",
                  ALONE));

  /// Whether files on disk can have holes.
  public boolean isKnown() {
    return this != UNKNOWN;
  }

  /// Whether the hole is made under the lock that faults take: i_mmap_sem, now invalidate_lock.
  boolean keepsFaultsOut() {
    return compareTo(WITHOUT_FAULTS) >= 0;
  }

  /// Whether reads and read-ahead take it, too.
  boolean keepsReadsOut() {
    return this == ALONE;
  }
}
