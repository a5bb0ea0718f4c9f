/// The reverse mapping: from a folio to the PTEs that map it.
///
/// ```text
/// folio lock  ->  i_mmap_rwsem or anon_vma, for reading  ->  PTL of each PTE in turn
///    keeps mapping and index     keeps the VMAs                 keeps the PTE
/// ```
///
/// A walk visits the address spaces by number and the VMAs of each by slot. In between, an entry
/// may move from a place that is still to be visited to one that was: mremap() takes care of that.
package shootdown.kernel.rmap;
