package shootdown.kernel.khugepaged;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether shared memory is collapsed, and for whom.
///
/// ```text
/// release  | small pages, by | where a huge page is in the page cache already, and PTEs map it
/// ---------+-----------------+----------------------------------------------------------------
/// v4.7     | nobody          | they stay
/// v4.8-rc1 | khugepaged      | they stay
/// v6.1-rc1 | madvise(), too  | they go: a PMD entry can take their place
/// ```
///
/// Left out: of v5.4 to v6.0 khugepaged took away PTEs that it had failed to take away when it made
/// the huge page (27e1f8273113).
public enum CollapseShmem implements Decision {
  NEVER,
  /// f3f0e1d2150b
  SMALL_PAGES,
  /// 58ac9a8993a1
  PTE_MAPPED_TOO,
  /// 34488399fa08
  MADVISE_TOO;

  /// The decision in time.
  public static final History<CollapseShmem> HISTORY =
      History.of(CollapseShmem.class, NEVER)
          .then(
              Fix.merged(
                  "f3f0e1d2150b",
                  "khugepaged: add support of collapse for tmpfs/shmem pages",
                  "v4.8-rc1",
                  SMALL_PAGES))
          .then(
              Fix.merged(
                  "58ac9a8993a1",
                  "mm/khugepaged: attempt to map file/shmem-backed pte-mapped THPs by pmds",
                  "v6.1-rc1",
                  PTE_MAPPED_TOO))
          .then(
              Fix.merged(
                  "34488399fa08",
                  "mm/madvise: add file and shmem support to MADV_COLLAPSE",
                  "v6.1-rc1",
                  MADVISE_TOO));

  /// Whether it is collapsed when this one asks.
  boolean isFor(Initiator by) {
    return switch (by) {
      case KHUGEPAGED -> this != NEVER;
      case MADVISE -> this == MADVISE_TOO;
    };
  }

  /// Whether PTEs that map a huge page make room for a PMD entry.
  boolean takesPteMapped() {
    return ordinal() >= PTE_MAPPED_TOO.ordinal();
  }
}
