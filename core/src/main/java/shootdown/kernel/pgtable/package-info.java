/// Page tables in the kernel's hands: walking them under their locks, building entries, taking
/// entries away and flushing before what they mapped is freed.
///
/// ```text
/// VmPageProt   vm_page_prot: which PTE a VMA gives; what a present PTE is to the kernel
/// PageWalk     pte_offset_map_lock(), a range cut at page-table pages
/// MmuGather    what was unmapped and waits for its flush
/// TlbGather    tlb_gather_mmu() … tlb_finish_mmu()
/// NestedGather what a gather flushes when it is not alone
/// Zap          zap_pte_range(), unmap_vmas(), unmap_mapping_pages()
/// ZapFlush     what zap_pte_range() flushes under the page-table lock
/// ```
///
/// Left out so far: page-table pages stay where they are when everything in them is unmapped
/// (`free_pgtables()` frees none), so no walk can meet one that is gone; upper levels are folded.
package shootdown.kernel.pgtable;
