package shootdown.kernel.futex;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.gup.GupFast;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// `get_futex_key()`: which futex is at a user address.
///
/// ```text
/// operation              | private memory    | shared memory, file
/// -----------------------+-------------------+--------------------
/// FUTEX_PRIVATE_FLAG     | PRIVATE mm, page  | PRIVATE mm, page
/// without, writable page | MM_SHARED mm, page| INODE file, index
/// without, read-only page| EFAULT            | INODE if nothing is to be written, else EFAULT
/// ```
///
/// This is what [FutexKeyPin] has become.
final class FutexKeys {
  private static final int U32_SIZE = 4;

  /// `TASK_SIZE` of x86-64, less a futex.
  private static final long END_OF_USER_SPACE = (1L << 47) - Layout.PAGE_SIZE - U32_SIZE;

  private final KernelData data;
  private final Steps steps;
  private final GupFast gupFast;
  private final FutexKeyPin pin;
  private final FutexPgoff pgoff;

  FutexKeys(KernelData data, Decisions decisions, GupFast gupFast) {
    this.data = data;
    this.pin = decisions.get(FutexKeyPin.class);
    this.pgoff = decisions.get(FutexPgoff.class);
    this.steps = data.steps();
    this.gupFast = gupFast;
  }

  /// What the operation will do to the word.
  enum Access {
    READ,
    WRITE
  }

  /// The key of the futex at `uaddr`.
  @Models(
      file = "kernel/futex/core.c",
      function = "get_futex_key",
      leavesOut = "references that a key holds to its inode; inode sequence numbers; NUMA; when"
          + " releases after v2.6.32 began to give up where a page belongs to nothing")
  KeyLookup get(Current me, long uaddr, boolean shared, Access access) {
    return steps.call(
        "get_futex_key",
        () -> {
          if (uaddr % U32_SIZE != 0) {
            return new KeyLookup.None(Errno.EINVAL);
          }
          long last = data.layout().pages();
          boolean beyond = uaddr < 0 || uaddr > END_OF_USER_SPACE;
          if (beyond || shared && uaddr / Layout.PAGE_SIZE >= last) {
            return new KeyLookup.None(Errno.EFAULT);
          }
          // nobody can wait where nothing is mapped: one page stands for all of that
          int page = (int) Math.min(uaddr / Layout.PAGE_SIZE, last);
          int offset = (int) (uaddr % Layout.PAGE_SIZE);
          return shared
              ? steps.retry("again", () -> sharedKey(me, page, offset, access))
              : new FutexKey(FutexKey.Kind.PRIVATE, me.mm(), page, offset);
        });
  }

  private Turn<Boolean, KeyLookup> sharedKey(Current me, int page, int offset, Access access) {
    int write = pin.forReading(access) ? 0 : Gup.FOLL_WRITE;
    long pinned = gupFast.getUserPagesFast(me, page, write | Gup.FOLL_GET);
    boolean readOnly =
        pin == FutexKeyPin.WRITE_OR_READ && pinned < 0 && access == Access.READ;
    if (readOnly) {
      pinned = gupFast.getUserPagesFast(me, page, Gup.FOLL_GET);
    }
    if (pinned < 0) {
      return Turn.done(new KeyLookup.None(Errno.EFAULT));
    }
    var folio = data.folios().folio((int) pinned);
    var key = keyOf(folio, me, page, offset);
    boolean truncated =
        pin.givesUp() && key.isEmpty() && staysUnmapped(folio);
    data.folios().put(folio);
    if (key.isEmpty()) {
      return truncated ? Turn.done(new KeyLookup.None(Errno.EFAULT)) : Turn.again(true);
    }
    return Turn.done(
        readOnly && key.get().kind() != FutexKey.Kind.INODE
            ? new KeyLookup.None(Errno.EFAULT)
            : key.get());
  }

  /// The key of a pinned page; empty if it belongs to nothing, or is changing hands.
  private Optional<FutexKey> keyOf(Folio folio, Current me, int page, int offset) {
    return steps.scope(
        () -> {
          long mapping = folio.mapping().read();
          if (mapping == 0) {
            return Optional.empty();
          }
          if (Folio.isAnon(mapping)) {
            return Optional.of(new FutexKey(FutexKey.Kind.MM_SHARED, me.mm(), page, offset));
          }
          int index = indexOf(folio);
          return steps.recheck("folio_mapping", () -> folio.mapping().is(mapping))
              ? Optional.of(new FutexKey(FutexKey.Kind.INODE, (int) mapping - 1, index, offset))
              : Optional.empty();
        });
  }

  private int indexOf(Folio page) {
    boolean tail = page.pfn() != page.head();
    return tail && pgoff == FutexPgoff.PAGE_INDEX ? 0 : page.pageIndex();
  }

  /// Whether the page belongs to nothing under its lock, too, not even to the swap cache, to which
  /// pages of shared memory go and from which they come: it was truncated, or is the zero page.
  private boolean staysUnmapped(Folio folio) {
    return steps.scope(
        () -> {
          folio.lock().lock();
          boolean none = steps.recheck("unmapped", () -> isNobodys(folio));
          folio.lock().unlock();
          return none;
        });
  }

  /// `!shmem_swizzled`.
  private static boolean isNobodys(Folio folio) {
    return !folio.flags().test(Folio.SWAPCACHE) && folio.mapping().is(0);
  }
}
