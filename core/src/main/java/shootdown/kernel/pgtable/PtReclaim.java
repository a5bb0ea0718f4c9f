package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// Whether MADV_DONTNEED frees a page-table page all of whose entries it has emptied
/// (CONFIG_PT_RECLAIM), while others fault, with mmap_lock held for reading.
///
/// ```text
/// release   | x86-64   | where it gave the CPU away between two entries
/// ----------+----------+------------------------------------------------------------
/// v6.13     | stays    |
/// v6.14-rc1 | goes     | goes, though others may have filled an entry again
/// v6.14-rc4 | goes     | goes if all entries are none still, looked at with both locks
/// ```
///
/// All of these clear the PMD entry before dirty pages of files are flushed and counted as
/// unmapped. Others wait for that by the PTL, which they do not find any more: a write may be lost.
/// The variant does it in the other order.
///
/// With it went re-checks in those who had relied on mmap_lock: "mm: khugepaged: recheck pmd state
/// in retract_page_tables()", "mm: khugepaged: collapse_pte_mapped_thp() use
/// pte_offset_map_rw_nolock()". No release up to v6.19 has it on other ports (4817f70c25b6, "x86:
/// select ARCH_SUPPORTS_PT_RECLAIM if X86_64").
public enum PtReclaim implements Decision {
  /// It stays until its VMAs are gone.
  STAYS,
  /// 6375e95f381e
  TRUSTS,
  /// f39edcf6349a
  LOOKS,
  /// the same, and what has to be flushed with the lock held is, before the PMD entry is cleared:
  /// who finds no page-table page need not wait
  FLUSHES;

  /// The decision in time.
  public static final History<PtReclaim> HISTORY =
      History.of(PtReclaim.class, STAYS)
          .then(
              Fix.merged(
                  "6375e95f381e",
                  "mm: pgtable: reclaim empty PTE page in madvise(MADV_DONTNEED)",
                  "v6.14-rc1",
                  TRUSTS))
          .then(
              Fix.merged(
                  "f39edcf6349a",
                  "mm: pgtable: fix incorrect reclaim of non-empty PTE pages",
                  "v6.14-rc4",
                  LOOKS))
          .then(
              Fix.variant(
                  "f39edcf6349a~flush",
                  "zap_pte_range() that flushes before it takes an empty page-table page away",
                  FLUSHES));

  /// Whether page-table pages go on this machine.
  public boolean on(MachineProfile machine) {
    return this != STAYS && machine.port().equals("x86");
  }
}
