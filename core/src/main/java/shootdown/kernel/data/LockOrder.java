package shootdown.kernel.data;

import shootdown.sched.LockClass;

/// The kernel's locks, outermost first: the order of mm/rmap.c and mm/filemap.c (head comments).
/// A task takes a lock only while all that it holds stand above; the checker's locks hold this
/// while a test runs.
public enum LockOrder {
  /// `pipe->mutex`: held while user memory is pinned for the pipe
  PIPE(true, false),
  /// `inode->i_rwsem`: writes to a file, truncation
  I_RWSEM(true, false),
  /// `mm->mmap_lock`; fork() takes the child's under the parent's
  MMAP_LOCK(true, true),
  /// `mapping->invalidate_lock`: truncation against what brings pages into the page cache
  INVALIDATE_LOCK(true, false),
  /// `folio_lock()`
  FOLIO(true, true),
  /// `mapping->i_mmap_rwsem`: the VMAs that map a file
  I_MMAP_RWSEM(true, false),
  /// `anon_vma->rwsem`: the VMAs that may map an anonymous page
  ANON_VMA(true, false),
  /// futex hash bucket; two at once in a defined order
  FUTEX_BUCKET(false, true),
  /// `pmd_lock()`: PMD entries, one for an address space; fork() takes two
  PAGE_TABLE(false, true),
  /// split PTE lock, one for each page-table page; two at once in mremap() and fork()
  PTL(false, true),
  /// `mapping->i_pages` (tree_lock in older releases): the page cache's tree
  I_PAGES(false, false),
  /// the page allocator's free lists
  ZONE(false, false);

  private final boolean sleeps;
  private final boolean nests;

  LockOrder(boolean sleeps, boolean nests) {
    this.sleeps = sleeps;
    this.nests = nests;
  }

  /// For [shootdown.sched.Program#lock].
  public LockClass lockClass() {
    return new LockClass(name().toLowerCase(java.util.Locale.ROOT), ordinal(), sleeps, nests);
  }
}
