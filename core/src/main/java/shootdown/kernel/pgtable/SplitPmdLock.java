package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What a split of a PMD entry locks besides the PMD. It counts the pages' mappings up and the
/// folio's down, one after the other; whoever adds them up meanwhile, in another process, may count
/// too few.
///
/// ```text
/// release   | locks                      | who reuses a page for a write
/// ----------+----------------------------+----------------------------------------------
/// v4.4      | splits the folio, as well  | counts mappings, under the PMD lock
/// v4.5-rc1  | nothing                    | counts mappings, with the folio locked
/// v5.8-rc1  | the folio                  | likewise
/// v5.11-rc7 | the folio, if anonymous    | likewise
/// v5.18-rc1 | nothing                    | counts references
/// ```
///
/// Before v4.5-rc1 a folio was mapped huge everywhere or nowhere, so nobody saw it in between; here
/// that is told by the folio lock. It comes before i_mmap_rwsem, which truncation holds when it
/// splits an entry.
public enum SplitPmdLock implements Decision {
  NOTHING,
  /// c444eb564fb1
  FOLIO,
  /// 1c2f67308af4
  ANON_FOLIO,
  /// 7f7609175ff2
  NOT_NEEDED;

  boolean locksAnon() {
    return this == FOLIO || this == ANON_FOLIO;
  }

  boolean locksFile() {
    return this == FOLIO;
  }

  /// The decision in time.
  public static final History<SplitPmdLock> HISTORY =
      History.of(SplitPmdLock.class, ANON_FOLIO)
          .then(
              Fix.merged("eef1b3ba053a", "thp: implement split_huge_pmd()", "v4.5-rc1", NOTHING))
          .then(
              Fix.merged(
                  "c444eb564fb1",
                  "mm: thp: make the THP mapcount atomic against __split_huge_pmd_locked()",
                  "v5.8-rc1",
                  FOLIO))
          .then(
              Fix.merged(
                  "1c2f67308af4",
                  "mm: thp: fix MADV_REMOVE deadlock on shmem THP",
                  "v5.11-rc7",
                  ANON_FOLIO))
          .then(
              Fix.merged(
                  "7f7609175ff2",
                  "mm/huge_memory: remove stale locking logic from __split_huge_pmd()",
                  "v5.18-rc1",
                  NOT_NEEDED));
}
