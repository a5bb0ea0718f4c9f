package shootdown.kernel.data;

import java.util.Optional;
import java.util.OptionalInt;
import shootdown.machine.Layout;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// A file: its inode, page cache (`struct address_space`) and disk blocks.
///
/// ```text
/// field          protected by
/// size           i_rwsem for writing; read without
/// page cache     i_pages for changes; lockless lookup takes a reference and looks again
/// disk           PG_writeback or the folio lock of its page
/// ```
///
/// A slot of the page cache is 0, frame number + 1, or of shared memory [#ON_SWAP] and the number
/// of a swap slot: an xarray value that is a `swp_entry_t`.
public final class FileData {
  private static final long ON_SWAP = 1L << 32;

  private final int number;
  private final int pages;
  private final int wordsPerPage;
  private final Word kind;
  private final Word size;
  private final Word reserved;
  private final Words cache;
  private final Words disk;
  private final Lock inodeLock;
  private final Lock invalidateLock;
  private final Lock mmapRwsem;
  private final Lock pagesLock;
  private final Tree mappings;
  private final Tree pageTree;
  private final Word hole;
  private final Word truncateCount;

  /// What backs a file.
  public enum Kind {
    /// not in use
    NONE,
    /// a file on disk: dirty pages are accounted, written back, and can be dropped when clean
    DISK,
    /// shared memory or tmpfs: no writeback, no dirty accounting, and no disk: what reads it finds
    /// zeroes; reclaim moves its pages to swap
    SHMEM
  }

  FileData(Program program, int number, int pages, Layout layout) {
    int wordsPerPage = layout.wordsPerPage();
    this.number = number;
    this.pages = pages;
    this.wordsPerPage = wordsPerPage;
    var name = "file" + number;
    this.kind = hidden(program, name + " kind", 1).at(0);
    this.size = hidden(program, name + " size", 1).at(0);
    this.reserved = hidden(program, name + " reserved", 1).at(0);
    this.cache =
        program.words(
            i -> name + " cache[" + i + "]",
            pages,
            0,
            FileData::showSlot,
            true);
    this.disk =
        program.words(
            i -> name + " disk[" + i / wordsPerPage + "][" + i % wordsPerPage + "]",
            pages * wordsPerPage,
            0,
            Long::toString,
            true);
    this.inodeLock = program.lock("i_rwsem(" + name + ")", LockOrder.I_RWSEM.lockClass());
    this.invalidateLock =
        program.lock("invalidate_lock(" + name + ")", LockOrder.INVALIDATE_LOCK.lockClass());
    this.mmapRwsem =
        program.lock("i_mmap_rwsem(" + name + ")", LockOrder.I_MMAP_RWSEM.lockClass());
    this.pagesLock = program.lock("i_pages(" + name + ")", LockOrder.I_PAGES.lockClass());
    this.mappings = new Tree(program, "i_mmap(" + name + ")");
    this.pageTree = new Tree(program, "xarray(" + name + ")");
    this.hole = hidden(program, name + " hole", 1).at(0);
    this.truncateCount = hidden(program, name + " truncate_count", 1).at(0);
  }

  private static String showSlot(long value) {
    if (value == 0) {
      return "none";
    }
    return cachedIn(value)
        .map(pfn -> "F" + pfn)
        .orElseGet(() -> "swap slot " + swappedIn(value).orElseThrow());
  }

  private static Words hidden(Program program, String name, int length) {
    return program.words(i -> name, length, 0, Long::toString, false);
  }

  public int number() {
    return number;
  }

  /// Pages that the file can ever have; a larger size is a stated limit.
  public int maxPages() {
    return pages;
  }

  public int wordsPerPage() {
    return wordsPerPage;
  }

  /// Ordinal of a [Kind].
  public Word kind() {
    return kind;
  }

  public boolean is(Kind what) {
    return kind.is(what.ordinal());
  }

  /// `i_size`, in bytes.
  public Word size() {
    return size;
  }

  /// Not 0: a write whose buffer faulted may have reserved blocks beyond the end.
  public Word reserved() {
    return reserved;
  }

  /// The page-cache slot of page `index`.
  public Word slot(int index) {
    return cache.at(index);
  }

  /// The frame in the page cache now; no reference is taken.
  public Optional<Integer> cached(int index) {
    return cachedIn(cache.at(index).read());
  }

  /// The frame that a slot of the page cache has, which holds `value`.
  public static Optional<Integer> cachedIn(long value) {
    return value == 0 || (value & ON_SWAP) != 0
        ? Optional.empty()
        : Optional.of((int) (value - 1));
  }

  /// The swap slot that a slot of the page cache names, which holds `value`:
  /// `radix_to_swp_entry()` of an `xa_is_value()`.
  public static OptionalInt swappedIn(long value) {
    return (value & ON_SWAP) == 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) (value & ~ON_SWAP));
  }

  /// What a slot of the page cache holds that names a swap slot: `swp_to_radix_entry()`.
  public static long swapEntry(int swapSlot) {
    return ON_SWAP | swapSlot;
  }

  /// Whether a slot of pages `from` … `to`-1 has something: a page, or of shared memory a swap
  /// entry.
  public boolean isInUse(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!cache.at(i).is(0)) {
        return true;
      }
    }
    return false;
  }

  /// `inode->i_private` of shared memory: the hole that is being made, 0 for none. There is no
  /// i_lock, as each use is one step.
  public Word hole() {
    return hole;
  }

  /// `mapping->truncate_count`, until v2.6.22: how often pages of it were unmapped.
  public Word truncateCount() {
    return truncateCount;
  }

  /// A word on disk.
  public Word disk(int index, int word) {
    return disk.at(index * wordsPerPage + word);
  }

  /// `i_rwsem`.
  public Lock inodeLock() {
    return inodeLock;
  }

  /// `invalidate_lock`.
  public Lock invalidateLock() {
    return invalidateLock;
  }

  /// `i_mmap_rwsem`.
  public Lock mmapRwsem() {
    return mmapRwsem;
  }

  /// `i_mmap`: the interval tree of the VMAs that map it; under [#mmapRwsem].
  public Tree mappings() {
    return mappings;
  }

  /// `i_pages` lock.
  public Lock pagesLock() {
    return pagesLock;
  }

  /// Whoever stores into the tree of its cached pages holds their lock. The xarray says so of its
  /// xa_lock (Documentation/core-api/xarray.rst), and lockdep looks where a node changes:
  /// workingset_update_node() in mm/workingset.c, xa_entry_locked(); as of v6.1.
  public void assertPagesLocked() {
    pagesLock.assertHeldExclusively();
  }

  /// `i_pages`: the tree of its cached pages; changes under [#pagesLock], lookups without.
  public Tree pageTree() {
    return pageTree;
  }
}
