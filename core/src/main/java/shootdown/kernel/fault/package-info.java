/// Page faults, and user code that takes them.
///
/// ```text
/// UserMemory        a load or store instruction of user code: MMU, fault, again
/// MmFault           handle_mm_fault(), handle_pte_fault()
/// HugeFault         PMD entries: do_huge_pmd_anonymous_page(), do_huge_pmd_wp_page()
/// HugeZeroFault     PMD entries of the huge zero page; HugeZeroPage, HugeZeroWrite: since when
/// AnonymousFault    a private page that is not there yet; ZeroPage: what a read maps
/// FileFault         a page of a file that is not mapped yet: read, copy on write, shared write
/// ShmemOrder        shmem_is_huge(): where shared memory is huge; ShmemHuge: since when
/// SwapFault         a swap entry or a migration entry: do_swap_page()
/// NumaFault         an entry that NUMA balancing took all rights from: do_numa_page()
/// WpFault           a write to a present, read-only entry: do_wp_page()
/// SharedDirty       how a page is marked dirty when its entry becomes writable
/// CowReuse          when do_wp_page() may keep a private page instead of copying it
/// UserfaultFault    whether a userfaultfd has to handle the fault; CopyFlush: since when a copy
///                   waits for its flush
/// SharedWrite       page_mkwrite, and marking a page dirty that was written through a mapping
/// ```
///
/// User code faults with the lock of its VMA held, since v6.4, or mmap_lock for reading; all
/// others hold mmap_lock.
///
/// Left out so far: fault-around, and dropping the lock while a fault waits.
package shootdown.kernel.fault;
