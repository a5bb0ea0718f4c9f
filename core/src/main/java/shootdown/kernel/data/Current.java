package shootdown.kernel.data;

/// Who runs kernel code: `current`, and where.
///
/// @param cpu the CPU
/// @param mm number of the address space; -1 for a kernel thread
/// @param tid thread id as gettid() tells it, from 1 on
public record Current(int cpu, int mm, int tid) {}
