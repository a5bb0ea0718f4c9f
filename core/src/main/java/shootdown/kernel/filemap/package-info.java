/// The page cache and what is done with files: lookup, faults' part of it, read and write,
/// writeback, fadvise, truncation.
///
/// A folio in the cache carries one reference for the cache, one for each PTE that maps it, and one
/// for each task that works on it. Words of a page and the disk:
///
/// ```text
/// disk --read, one step with the insertion--> frame --writeback, one step--> disk
/// ```
package shootdown.kernel.filemap;
