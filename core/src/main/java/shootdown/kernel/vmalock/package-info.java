/// Per-VMA locks: a fault of user code holds the lock of its VMA and not mmap_lock, and who holds
/// mmap_lock for writing locks a VMA before it changes what a fault relies on.
///
/// ```text
/// VmaLocks          lock_vma_under_rcu(), vma_start_write(), vma_end_write_all()
/// PerVmaLock        on which machines faults do so, since when
/// VmaLockFaults     which faults do
/// ForkVmaLocks      whether fork() locks its parent's VMAs
/// WalkVmaLocks      whether walks of page tables lock the VMAs that they come to
/// ```
///
/// The lock of a VMA is one word for each of its pages (ADR 19). Left out are reference counts in
/// place of the lock (v6.15), and that a VMA's memory is used again for another.
package shootdown.kernel.vmalock;
