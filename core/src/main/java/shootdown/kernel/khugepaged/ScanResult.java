package shootdown.kernel.khugepaged;

import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Models;

/// How a try to collapse ended: `enum scan_result`.
enum ScanResult {
  FAIL,
  SUCCEED,
  /// no page-table page is there
  PMD_NULL,
  /// a huge page is there already
  PMD_MAPPED,
  EXCEED_NONE_PTE,
  EXCEED_SWAP_PTE,
  EXCEED_SHARED_PTE,
  /// an entry that maps no page
  PTE_NON_PRESENT,
  /// nothing is writable
  PAGE_RO,
  LACK_REFERENCED_PAGE,
  /// somebody else has a reference
  PAGE_COUNT,
  PAGE_LOCK,
  /// a page of a huge folio
  PAGE_COMPOUND,
  PAGE_LRU,
  DEL_PAGE_LRU,
  /// the VMA is not what it has to be
  VMA_CHECK,
  /// nothing is in the page cache
  PAGE_NULL,
  /// the file was truncated, or a hole made
  TRUNCATED,
  /// a hole was filled
  PAGE_FILLED,
  /// a huge page is in the page cache already
  PTE_MAPPED_HUGEPAGE;

  /// Whether a huge page is there now.
  boolean isHuge() {
    return this == SUCCEED || this == PMD_MAPPED;
  }

  /// Whether madvise() goes on with the next huge page.
  boolean goesOn() {
    return switch (this) {
      case SUCCEED,
          PMD_MAPPED,
          PMD_NULL,
          PTE_NON_PRESENT,
          PAGE_RO,
          LACK_REFERENCED_PAGE,
          PAGE_COUNT,
          PAGE_LOCK,
          PAGE_COMPOUND,
          PAGE_LRU,
          DEL_PAGE_LRU,
          PAGE_NULL ->
          true;
      case FAIL,
          EXCEED_NONE_PTE,
          EXCEED_SWAP_PTE,
          EXCEED_SHARED_PTE,
          VMA_CHECK,
          TRUNCATED,
          PAGE_FILLED,
          PTE_MAPPED_HUGEPAGE ->
          false;
    };
  }

  /// What madvise() returns.
  @Models(
      file = "mm/khugepaged.c",
      function = "madvise_collapse_errno",
      leavesOut = "ENOMEM and EBUSY: no huge page left is a stated limit, and there are no memory"
          + " cgroups")
  long errno() {
    return switch (this) {
      case PAGE_COUNT, PAGE_LOCK, PAGE_LRU, DEL_PAGE_LRU, PAGE_FILLED -> Errno.EAGAIN.result();
      case FAIL,
          SUCCEED,
          PMD_NULL,
          PMD_MAPPED,
          EXCEED_NONE_PTE,
          EXCEED_SWAP_PTE,
          EXCEED_SHARED_PTE,
          PTE_NON_PRESENT,
          PAGE_RO,
          LACK_REFERENCED_PAGE,
          PAGE_COMPOUND,
          VMA_CHECK,
          PAGE_NULL,
          TRUNCATED,
          PTE_MAPPED_HUGEPAGE ->
          Errno.EINVAL.result();
    };
  }
}
