package shootdown.kernel.data;

/// Where the kernel says what it means, so that oracles can hold what happens against it. Whoever
/// listens keeps words of its own that neither kernel nor machine can read; nothing comes back.
///
/// A frame *holds* a location: a page of a file, or a private page of an address space. A system
/// call that takes something away or redirects it says so when it begins and when it is about to
/// return: in between, both the old and the new are right; afterwards only the new.
///
/// Each call is part of the step that does it (call it inside of the same atomic block), but for
/// the begin/end pairs, which are steps of their own.
public interface Ground {
  /// A frame was given out; it holds nothing yet.
  void frameAllocated(int pfn);

  /// A frame is free: nobody may reach it any more.
  void frameFreed(int pfn);

  /// A page-table page was given out.
  default void tableAllocated(int table) {}

  /// A page-table page is free: nobody may walk through it any more.
  default void tableFreed(int table) {}

  /// The frame became the page-cache page `index` of the file.
  void holdsFilePage(int pfn, int file, int index);

  /// Page `index` of the file, which the frame holds, is in the swap cache and no more in the page
  /// cache.
  default void fileSwappedOut(int pfn, int file, int index) {}

  /// The frame, found in the swap cache or read from swap, is the page-cache page `index` of the
  /// file again.
  default void fileSwappedIn(int pfn, int file, int index) {}

  /// The frame became the private page `vpn` of the address space, zeroed.
  void holdsPrivateZero(int pfn, int mm, int vpn);

  /// The frame became the private page `vpn` of the address space, with the contents of `from`.
  void holdsPrivateCopy(int pfn, int from, int mm, int vpn);

  /// The frame became the private page `vpn` of the address space, with what is in it.
  default void holdsPrivateFilled(int pfn, int mm, int vpn) {}

  /// The frame, read from swap, found in the swap cache or reached by migration, is mapped as the
  /// private page `vpn` of the address space again.
  default void holdsSwappedIn(int pfn, int mm, int vpn) {}

  /// The private page of the address space is held by its frame alone now (COW reuse): no step.
  default void reused(int pfn, int mm, int vpn) {}

  /// The private page of the address space is held by the frame `to` instead of `from`, with the
  /// same contents: KSM merged it.
  default void merged(int from, int to, int mm, int vpn) {}

  /// What the frame `from` holds is in the frame `to` from now on: the page migrated.
  default void migrated(int from, int to) {}

  /// Pages `start` … `end`-1 of the address space are mapped as `vma` says from now on.
  void mapped(int mm, Vma vma);

  /// munmap(), mremap() or MAP_FIXED is about to take these pages away.
  void unmapBegins(int mm, int start, int end);

  /// They are gone: the system call is about to return.
  void unmapEnds(int mm, int start, int end);

  /// mremap() is about to move pages from `from` to `to`.
  void moveBegins(int mm, int from, int to, int pages);

  /// They are at `to` only.
  void moveEnds(int mm, int from, int to, int pages);

  /// mprotect() is about to change the rights of these pages.
  void protectBegins(int mm, int start, int end, boolean writable, boolean readable);

  /// The rights are as said.
  void protectEnds(int mm, int start, int end, boolean writable, boolean readable);

  /// MADV_DONTNEED is about to discard the private contents of these pages.
  void discardBegins(int mm, int start, int end);

  /// Their private contents are gone: zero, or the file's.
  void discardEnds(int mm, int start, int end);

  /// MADV_FREE is about to allow that the private contents of these pages go.
  default void lazyFreeBegins(int mm, int start, int end) {}

  /// It has: each page keeps its contents or becomes zero, until it is stored to.
  default void lazyFreeEnds(int mm, int start, int end) {}

  /// fork() is about to copy the address space, in which faults go on meanwhile.
  void forkBegins(int parent, int child);

  /// The child has its copy.
  void forkEnds(int parent, int child);

  /// truncation is about to remove all pages of the file from `fromIndex` on.
  void truncateBegins(int file, int fromIndex);

  /// They are gone: zero, if the file grows again.
  void truncateEnds(int file, int fromIndex);

  /// A hole is about to be made of pages `from` … `to`-1 of the file; private copies stay.
  default void punchBegins(int file, int from, int to) {}

  /// The hole is there: zero.
  default void punchEnds(int file, int from, int to) {}

  /// The kernel has pinned the frame, as what the address space maps at `vpn`; it will write to it.
  default void pinned(int pfn, int mm, int vpn) {}

  /// The kernel, or a device, wrote a word of a frame that it had pinned.
  default void pinWritten(int pfn, int mm, int word, long value) {}

  /// The kernel will not write through that pin any more: no step.
  default void unpinned(int pfn) {}

  /// The frame came into a pipe as what the address space maps: the pipe's last buffer.
  default void spliced(int pipe, int pfn, int mm) {}

  /// A word of the pipe's first buffer was read.
  default void pipeRead(int pipe, int word, long value) {}

  /// The pipe's first buffer is released.
  default void unspliced(int pipe) {}

  /// A word of a file was read by read(2) or the like: what was read, through which frame.
  void fileRead(int pfn, int file, int index, int word, long value);

  /// A word of a file was written by write(2) or the like.
  void fileWritten(int file, int index, int word, long value);

  /// fsync(), msync(MS_SYNC) or the like is about to write pages `from` … `to`-1 of the file.
  void syncBegins(int file, int from, int to);

  /// The disk is about to read a frame to have what the page of the file holds.
  default void diskReads(int pfn, int file, int index) {}

  /// The disk has what the page of the file holds now.
  default void onDisk(int file, int index) {}

  /// They are on disk: the system call is about to return 0.
  void syncEnds(int file, int from, int to);

  /// Who hears of futexes.
  default FutexGround futexes() {
    return FutexGround.NOBODY;
  }
}
