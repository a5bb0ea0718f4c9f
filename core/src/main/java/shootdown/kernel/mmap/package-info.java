/// The system calls that change an address space.
///
/// ```text
/// MemorySyscalls    the door: mmap, munmap, mprotect, mremap, madvise, mlock, msync, fork
/// MmanConstants     their constants, as on x86-64
/// VmaLinks          linking, splitting and unlinking VMAs under the locks of rmap walks
/// Mmap, Munmap, Mprotect, Madvise, Msync    one system call each
/// Mlock             mlock(2), munlock(2); Populate faults pages in
/// MadviseFree       MADV_FREE; MadvisePageout: MADV_COLD and MADV_PAGEOUT
/// MadviseRemove     MADV_REMOVE: holes in shared memory
/// MadviseWillneed   MADV_WILLNEED: what is on swap is read; WillneedSwap says since when
/// KnownAdvice       which advice a release takes; MadviseVmaLock: with what lock
/// ChangeProtection  change_pte_range(), for Mprotect and for NumaHint, the scanner
/// Mremap            mremap(2): arguments and where to; MovePageTables moves the entries
/// MovePtesFlush     when move_ptes() and move_huge_pmd() flush
/// RemoveAccess      what a mapping must allow for MADV_REMOVE
/// MoveRmapLocks     what keeps rmap walks from missing an entry that moves
/// MoveHugePmd       move_huge_pmd(); MoveHugeLocks: under which locks
/// MadviseHugepage   MADV_HUGEPAGE; MadviseHuge: other advice where a page is huge
/// UffdIoctl         ioctl(2) of a userfaultfd; UffdRegister, MfillAtomic, UffdWriteProtect: its
///                   requests
/// Fork              dup_mmap(), copy_page_range(); ForkCopy says which entries it copies
/// ```
///
/// Every call takes mmap_lock for writing; only madvise() and msync() take it for reading, and some
/// advice takes the lock of a VMA alone. A VMA changes under mmap_lock, under its own lock and
/// under the locks that rmap walks of it take (i_mmap_rwsem for a file's, anon_vma for a private
/// one's).
///
/// Left out so far: merging of adjacent VMAs, stack growth, accounting and limits, hugetlb,
/// giving mmap_lock back early in munmap().
package shootdown.kernel.mmap;
