/// Fast user-space mutexes: `kernel/futex/`. A futex is a 32-bit word of user memory; the kernel
/// knows only those on which somebody waits.
///
/// ```text
/// FutexKey        which futex: not its address, but what it names in every address space
///   HashBucket    a lock, and the chain of those that wait on futexes of this bucket: FutexQ
/// FutexMemory     the word itself, under the bucket's lock with page faults disabled; a fault is
///                 mended by fault_in_user_writeable() without the lock, and the whole tried again
/// WaitWake, Requeue, PiFutex    the operations; Futex is the system call
/// ```
///
/// That retry ends only if what mends the fault makes the hardware let the access through: the
/// decision [FutexFaultIn].
package shootdown.kernel.futex;
