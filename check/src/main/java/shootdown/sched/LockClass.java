package shootdown.sched;

/// What all locks of one kind have in common.
///
/// @param name the kind's name, for messages
/// @param rank its place in the lock order: a lock is taken only while all that are held have a
///     lower rank, or the same where `nests`
/// @param sleeps whether a task may sleep while it waits: such a lock may not be taken while one
///     that does not sleep is held
/// @param nests whether several of the same rank may be held by one task
public record LockClass(String name, int rank, boolean sleeps, boolean nests) {}
