package shootdown.kernel.data;

import java.util.Locale;
import shootdown.sched.LockClass;

/// The kernel's locks, outermost first: the order of mm/rmap.c and mm/filemap.c (head comments).
/// A task takes a lock only while all that it holds stand above; the checker's locks hold this
/// while a test runs, and a violation is a kernel bug. `docs/COVERAGE.md` has the table.
public enum LockOrder {
  KSM_THREAD("ksm_thread_mutex", "ksmd, and its trees", Wait.SLEEPS, Many.NO),
  PIPE("pipe->mutex", "a pipe; held while user memory is pinned for it", Wait.SLEEPS, Many.NO),
  I_RWSEM("inode->i_rwsem", "writes to a file, truncation", Wait.SLEEPS, Many.NO),
  MMAP_LOCK(
      "mm->mmap_lock",
      "the VMAs of an address space; fork() takes the child's under the parent's",
      Wait.SLEEPS,
      Many.YES),
  VMA_LOCK(
      "vma->vm_lock",
      "a VMA against changes while user code faults there; many by who has mmap_lock for writing",
      Wait.SLEEPS,
      Many.YES),
  INVALIDATE_LOCK(
      "mapping->invalidate_lock",
      "truncation against what brings pages into the page cache",
      Wait.SLEEPS,
      Many.NO),
  FOLIO(
      "folio_lock()",
      "a folio: its place in the page cache, its contents",
      Wait.SLEEPS,
      Many.YES),
  I_MMAP_RWSEM("mapping->i_mmap_rwsem", "the VMAs that map a file", Wait.SLEEPS, Many.NO),
  ANON_VMA("anon_vma->rwsem", "the VMAs that may map an anonymous page", Wait.SLEEPS, Many.NO),
  FUTEX_BUCKET("hb->lock", "a futex hash bucket; two in a defined order", Wait.SPINS, Many.YES),
  FAULT_PENDING(
      "ctx->fault_pending_wqh.lock",
      "the page faults that wait for a userfaultfd, read or not",
      Wait.SPINS,
      Many.NO),
  PAGE_TABLE(
      "pmd_lock()",
      "PMD entries, one for an address space; fork() takes two",
      Wait.SPINS,
      Many.YES),
  PTL(
      "split PTE lock",
      "the PTEs of one page-table page; two in mremap() and fork()",
      Wait.SPINS,
      Many.YES),
  I_PAGES(
      "mapping->i_pages",
      "the page cache's tree (tree_lock in older releases)",
      Wait.SPINS,
      Many.NO),
  ZONE("zone->lock", "the page allocator's free lists", Wait.SPINS, Many.NO);

  private final String linux;
  private final String protects;
  private final Wait wait;
  private final Many many;

  /// How a task waits.
  private enum Wait {
    SLEEPS,
    SPINS
  }

  /// Whether a task may hold several.
  private enum Many {
    YES,
    NO
  }

  LockOrder(String linux, String protects, Wait wait, Many many) {
    this.linux = linux;
    this.protects = protects;
    this.wait = wait;
    this.many = many;
  }

  /// Its name in Linux.
  public String linux() {
    return linux;
  }

  /// What it protects, in a few words.
  public String protects() {
    return protects;
  }

  /// For [shootdown.sched.Program#lock].
  public LockClass lockClass() {
    return new LockClass(
        name().toLowerCase(Locale.ROOT), ordinal(), wait == Wait.SLEEPS, many == Many.YES);
  }
}
