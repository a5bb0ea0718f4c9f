/// userfaultfd: a page fault that a thread of user code handles. It reads the address, fills the
/// page, and wakes who faulted.
///
/// ```text
/// who faulted                             the handler
///   the entry is none, or uffd-wp
///   into the list of pending faults
///   still so? else no need to sleep
///   mmap_lock, or the VMA's, released
///   wakes the reader; sleeps              read(): from pending to read faults
///                                         UFFDIO_COPY: the page is there
///                                         wakes the waiters of the page, if there are any
///   tries the access again
/// ```
///
/// HandleUserfault is the left column, ReadUserfault and WakeUserfault are of the right one. The
/// ioctls that change page tables and VMAs are in [shootdown.kernel.mmap].
///
/// ```text
/// lock                          | what it does here
/// ------------------------------+------------------------------------------------------------
/// mmap_lock or the VMA's, read  | held while a fault is put into the list: the VMA is registered
/// fault_pending_wqh.lock        | both lists
/// ```
///
/// Who wakes looks at the lists without that lock first. refile_seq tells when a fault was in
/// neither.
package shootdown.kernel.uffd;
