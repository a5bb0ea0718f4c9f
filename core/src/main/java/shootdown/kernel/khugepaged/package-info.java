/// Collapse: small anonymous pages become one huge page.
///
/// ```text
/// Khugepaged        khugepaged's visit of one range, and madvise(MADV_COLLAPSE); the scan
/// CollapseHugePage  collapse_huge_page(): from the scan to the huge PMD entry
/// SmallPages        __collapse_huge_page_isolate(), __collapse_huge_page_copy()
/// Tally             what a look at the PTEs counts, and the limits on it
/// ScanResult        how it ended, and the errno of madvise()
/// Initiator         who asked
/// CollapseSync      what keeps gup-fast from the page-table page
/// CollapsePages     which pages may be collapsed
/// ```
///
/// Who may meet the page-table page while it is out of the page table:
///
/// ```text
/// walk by                           | is kept out by
/// ----------------------------------+-------------------------------------------------------------
/// the hardware                      | the flush
/// faults, system calls              | mmap_lock, held for writing
/// rmap walks                        | anon_vma, held for writing; then the locks of the folios
/// gup-fast, which has seen the PMD  | [CollapseSync]; it looks at the PMD again once it has a pin
/// ```
///
/// Locks, in this order: mmap_lock, anon_vma, then PMD lock or PTL; folio locks are only tried.
package shootdown.kernel.khugepaged;
