/// Mutual exclusion from plain words: [Peterson], [SpinLock], [TicketLock]. [CriticalSection] is
/// what they protect, and notices when two tasks are in it.
package shootdown.examples.lock;
