/// Page tables in the kernel's hands: walking them under their locks, building entries, taking
/// entries away and flushing before what they mapped is freed.
///
/// ```text
/// VmPageProt   vm_page_prot: which PTE a VMA gives; what a present PTE is to the kernel
/// PageWalk     pte_offset_map_lock(), a range cut at page-table pages
/// ClearFlush   ptep_clear_flush(); InaccessibleFlush says when the flush is spared
/// MmuGather    what was unmapped and waits for its flush
/// TlbGather    tlb_gather_mmu() … tlb_finish_mmu()
/// NestedGather what a gather flushes when it is not alone
/// GatherRange  what it flushes when it is full
/// FreeTables   pte_free_tlb() … tlb_table_flush(): page-table pages that are freed
/// RemoveTable  when they are given back
/// EmptyTable   pt_reclaim.c: page-table pages that MADV_DONTNEED empties; PtReclaim: since when
/// WalkCacheFlush  when the walk caches forget them
/// HugePmds     pmd_trans_huge_lock(); whether a fault is huge
/// SetPmd       do_set_pmd(): a huge page of a file
/// CollapseFlush  pmdp_collapse_flush(): a page-table page leaves the page table
/// RetractLocks what keeps others out then; whether walks look again
/// SplitHugePmd __split_huge_pmd(): huge entries become page-table pages
/// PmdpInvalidate  which bits the PTEs get then; SplitFileDirty: and the folio of a file
/// Zap          zap_pte_range(), unmap_vmas(), unmap_mapping_pages()
/// ZapSingleFolio  whom unmap_mapping_folio() waits for
/// ZapFlush     what zap_pte_range() flushes under the page-table lock
/// ```
///
/// Page-table pages are freed when no VMA is left in what they map ([FreeTables]), when a huge page
/// takes their place (collapse of private memory keeps out everybody but gup-fast), and where
/// MADV_DONTNEED has emptied them ([EmptyTable]). The latter, and a collapse of a file, does with
/// mmap_lock held for reading, or without: whoever finds a page-table page looks again once he has
/// its lock ([PageWalk#lock]), unless he holds mmap_lock for writing.
/// Upper levels are folded.
package shootdown.kernel.pgtable;
