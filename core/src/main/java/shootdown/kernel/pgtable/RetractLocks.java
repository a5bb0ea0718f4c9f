package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What keeps others from a page-table page that a collapse of a file takes out of the page table,
/// besides the flush and the lock of the folio.
///
/// ```text
/// release  | retract_page_tables()    | collapse_pte_mapped_thp() | walks look  | freed
///          | holds                    | holds                     | again       |
/// ---------+--------------------------+---------------------------+-------------+--------------
/// v6.1-rc7 | mmap_lock, i_mmap_rwsem  | mmap_lock                 | no          | at once
/// v6.1-rc8 | mmap_lock, i_mmap_rwsem  | mmap_lock, i_mmap_rwsem   | no          | after an IPI
/// v6.6-rc1 | PMD lock, PTL            | PMD lock, PTL             | yes         | by RCU
/// ```
///
/// The first two rows hold the locks for writing, in the last one i_mmap_rwsem and mmap_lock
/// respectively are held for reading. Walks look again since v6.5-rc1 (0d940a9b270b), which is not
/// told apart; the IPI is [shootdown.kernel.khugepaged.CollapseSync]'s. 1043173eb5eb, of
/// collapse_pte_mapped_thp(), is part of 1d65b771bc08 here.
///
/// When collapse_pte_mapped_thp() takes a dirty PTE away it has to tell the folio. Releases did
/// not: shared memory is dirty already, says a comment, which is wrong of what was only read
/// before. v6.18.44 is seen to do it. Which commit changed that is not known here: the variant is
/// what was.
public enum RetractLocks implements Decision {
  MMAP_LOCK,
  /// 8d3c106e19e8
  I_MMAP_TOO,
  /// 1d65b771bc08
  PAGE_TABLE,
  /// the same, and a dirty PTE does not tell its folio
  FORGETFUL;

  /// The decision in time.
  public static final History<RetractLocks> HISTORY =
      History.of(RetractLocks.class, MMAP_LOCK)
          .then(
              Fix.merged(
                  "8d3c106e19e8",
                  "mm/khugepaged: take the right locks for page table retraction",
                  "v6.1-rc8",
                  I_MMAP_TOO))
          .then(
              Fix.merged(
                  "1d65b771bc08",
                  "mm/khugepaged: retract_page_tables() without mmap or vma lock",
                  "v6.6-rc1",
                  PAGE_TABLE))
          .then(
              Fix.variant(
                  "1d65b771bc08~dirty",
                  "collapse_pte_mapped_thp() that does not tell the folio of a dirty PTE",
                  FORGETFUL));

  /// Whether page-table pages go while others walk, who look again once they have the lock.
  public boolean lookAgain() {
    return this == PAGE_TABLE || this == FORGETFUL;
  }

  /// Whether a dirty PTE that is taken away tells its folio.
  public boolean tellsDirty() {
    return this == PAGE_TABLE;
  }
}
