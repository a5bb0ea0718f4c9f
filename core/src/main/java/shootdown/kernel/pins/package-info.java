/// System calls that reach user memory through pages that the kernel holds on to, and not through
/// the user's translation: what they read or write may no longer be what the user has mapped there.
///
/// ```text
/// pread, pwrite of /proc/self/mem   a reference for one access, with mmap_lock held; forced
/// pread with O_DIRECT               a reference or a pin while the disk writes to the page
/// vmsplice, read of a pipe          a reference until the page has been read from the pipe
/// ```
package shootdown.kernel.pins;
