/// Collapse: small pages become one huge page.
///
/// ```text
/// Khugepaged        khugepaged's visit of one range, and madvise(MADV_COLLAPSE); the scan
/// ThpVma            which VMAs may have collapsed pages
/// ScanResult        how it ended, and the errno of madvise()
/// Initiator         who asked
///
/// CollapseHugePage  anonymous pages: collapse_huge_page(), from the scan to the huge PMD entry
/// SmallPages        __collapse_huge_page_isolate(), __collapse_huge_page_copy()
/// Tally             what a look at the PTEs counts, and the limits on it
/// CollapseVmaLock   when that locks the VMA
/// CollapsePages     which pages may be collapsed
///
/// CollapseShmem     since when shared memory is collapsed
/// ScanFile          hpage_collapse_scan_file(): the page cache is looked at, not page tables
/// CollapseFile      collapse_file(): a huge folio takes the place of small ones in the page cache
/// RetractPageTables retract_page_tables(): what mapped them is empty, and goes
/// RetractAnonVma    when it looks whether a private mapping has pages of its own
/// CollapsePteMapped collapse_pte_mapped_thp(): a huge folio that PTEs map
///
/// FreeRetracted     page-table pages that are taken away from a file's VMA
/// SyncGupFast       what keeps gup-fast from a page-table page; CollapseSync: since when
/// ```
///
/// Who may meet the page-table page while it is out of the page table:
///
/// ```text
/// walk by                           | is kept out by                      | of a file, by
/// ----------------------------------+-------------------------------------+-----------------------
/// the hardware                      | the flush                           | the flush
/// faults, system calls              | mmap_lock, held for writing         | PTL, and a second look
/// rmap walks                        | anon_vma, held for writing; then    | PTL, and a second look
///                                   | the locks of the folios             |
/// gup-fast, which has seen the PMD  | SyncGupFast; it looks at the PMD    | RCU; likewise
///                                   | again once it has a pin             |
/// ```
///
/// The last column is today's; [shootdown.kernel.pgtable.RetractLocks] has those of older releases.
///
/// Locks, in this order: mmap_lock, folio lock of a huge folio, i_mmap_rwsem or anon_vma, PMD lock,
/// PTL. The locks of small folios are only tried, and so is mmap_lock where a folio lock is held.
package shootdown.kernel.khugepaged;
