/// The reverse mapping: from a folio to the PTEs that map it.
///
/// ```text
/// folio lock  ->  i_mmap_rwsem or anon_vma, for reading  ->  PTL of each PTE in turn
///    keeps mapping and index     keeps the VMAs                 keeps the PTE
/// ```
///
/// ```text
/// RmapWalk       rmap_walk(): the places where a folio, or a page of it, may be mapped
/// MappedPte, MappedPmd    page_vma_mapped_walk(): the entry there, if it maps it
/// Rmap           what stays mapped: page_mkclean(), folio_referenced()
/// MappedHuge     all that maps a huge folio at a place, its PMD entry split
/// TryToUnmap     reclaim's unmapping; UnmapBatching puts its flushes off
/// TakeEntry      takes an entry away: TtuFlags says when it is flushed
/// TryToMigrate   migration entries in the place of entries; RemoveMigrationPtes: and back
/// SplitHugePage  split_huge_page_to_list(); UnmapSync says whom it waits for
/// ```
///
/// A walk visits the address spaces by number and the VMAs of each by slot. In between, an entry
/// may move from a place that is still to be visited to one that was: mremap() takes care of that.
package shootdown.kernel.rmap;
