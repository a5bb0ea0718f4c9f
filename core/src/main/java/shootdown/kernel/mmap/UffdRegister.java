package shootdown.kernel.mmap;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.uffd.WakeUserfault;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// UFFDIO_REGISTER and UFFDIO_UNREGISTER: which VMAs a userfaultfd watches.
final class UffdRegister {
  static final long MODE_MISSING = 1;
  static final long MODE_WP = 2;

  private static final long PAGE = Layout.PAGE_SIZE;

  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final VmaLocks locks;
  private final WakeUserfault wake;
  private final UffdWriteProtect writeProtect;
  private final UnregisterWp unregisterWp;

  UffdRegister(
      KernelData data, Decisions decisions, VmaLinks links, UffdWriteProtect writeProtect) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.locks = new VmaLocks(data, decisions);
    this.wake = new WakeUserfault(data, decisions);
    this.writeProtect = writeProtect;
    this.unregisterWp = decisions.get(UnregisterWp.class);
  }

  @Models(
      file = "fs/userfaultfd.c",
      function = "userfaultfd_register",
      leavesOut = "UFFDIO_REGISTER_MODE_MINOR, hugetlb; VMAs of another userfaultfd: a process has"
          + " one; which ioctls it tells")
  long register(Current me, Userfaultfd ctx, long start, long length, long mode) {
    if (mode == 0 || (mode & ~(MODE_MISSING | MODE_WP)) != 0) {
      return Errno.EINVAL.result();
    }
    long flags =
        ((mode & MODE_MISSING) == 0 ? 0 : Vma.VM_UFFD_MISSING)
            | ((mode & MODE_WP) == 0 ? 0 : Vma.VM_UFFD_WP);
    return eachVma(
        "userfaultfd_register",
        ctx,
        start,
        length,
        (mm, vma, pages) -> {
          if ((vma.flags() & flags) != flags) {
            setFlags(me, mm, pages, flags);
          }
        });
  }

  /// Who waits for the handler is woken, where missing pages are watched for. Who waits to store to
  /// a page that is write-protected, where they are not, sleeps on: so it is still in v6.8.
  @Models(file = "fs/userfaultfd.c", function = "userfaultfd_unregister", leavesOut = "hugetlb")
  long unregister(Current me, Userfaultfd ctx, long start, long length) {
    return eachVma(
        "userfaultfd_unregister",
        ctx,
        start,
        length,
        (mm, vma, pages) -> {
          if (!vma.userfaultfdArmed()) {
            return;
          }
          if (vma.has(Vma.VM_UFFD_MISSING)) {
            wake.wakeUserfault(ctx, pages.from(), pages.to());
          }
          if (vma.has(Vma.VM_UFFD_WP) && unregisterWp == UnregisterWp.RESET) {
            writeProtect.uffdWpRange(me, vma, mm.number(), pages, UffdWp.RESOLVE);
          }
          setFlags(me, mm, pages, 0);
        });
  }

  /// What is done to pages of one VMA.
  private interface Body {
    void accept(Mm mm, Vma vma, Pages pages);
  }

  private long eachVma(String function, Userfaultfd ctx, long start, long length, Body body) {
    if (!isRange(start, length)) {
      return Errno.EINVAL.result();
    }
    var pages = Pages.at(data.layout(), start, length / PAGE).within(data.layout());
    var mm = data.mm(ctx.mm());
    return steps.call(
        function,
        () -> {
          mm.mmapLock().lock();
          var error = steps.scope(() -> mistake(mm, pages));
          if (error.isEmpty()) {
            steps.loop("vmas", pages.from(), at -> next(mm, pages, at, body));
          }
          locks.mmapWriteUnlock(mm);
          return error.map(Errno::result).orElse(0L);
        });
  }

  /// Whether a range may be one of user memory.
  @Models(file = "fs/userfaultfd.c", function = "validate_range")
  static boolean isRange(long start, long length) {
    return Pages.isAligned(start)
        && Pages.isAligned(length)
        && length > 0
        && start >= PAGE
        && Pages.fit(start, length / PAGE);
  }

  private Turn<Integer, Boolean> next(Mm mm, Pages pages, int at, Body body) {
    var found = mm.firstOverlap(at, pages.to());
    if (found.isEmpty()) {
      return Turn.done(true);
    }
    var vma = found.get().vma();
    int end = Math.min(vma.end(), pages.to());
    body.accept(mm, vma, new Pages(Math.max(at, vma.start()), end));
    return end == pages.to() ? Turn.done(true) : Turn.again(end);
  }

  @Models(
      file = "include/linux/userfaultfd_k.h",
      function = "vma_can_userfault",
      leavesOut = "shared memory, which is a stated limit")
  private Optional<Errno> mistake(Mm mm, Pages pages) {
    if (mm.firstOverlap(pages.from(), pages.to()).isEmpty()) {
      return Optional.of(Errno.EINVAL);
    }
    return steps.loop(
        "vmas",
        pages.from(),
        at -> {
          var found = mm.firstOverlap(at, pages.to());
          if (found.isEmpty()) {
            return Turn.done(Optional.empty());
          }
          var vma = found.get().vma();
          if (!vma.anonymous()) {
            return Turn.done(Optional.of(ofFile(vma)));
          }
          return Turn.again(vma.end());
        });
  }

  private Errno ofFile(Vma vma) {
    if (data.file(vma.file()).is(FileData.Kind.SHMEM)) {
      throw steps.fail(new Violation(Machine.LIMIT, "userfaultfd for shared memory"));
    }
    return Errno.EINVAL;
  }

  private void setFlags(Current me, Mm mm, Pages pages, long flags) {
    links.splitVma(me, mm, pages.from());
    links.splitVma(me, mm, pages.to());
    var slot = mm.vmaAt(pages.from()).orElseThrow();
    links.vmFlagsReset(mm, slot, slot.vma().flags() & ~Vma.VM_UFFD | flags);
    links.mergeAt(mm, pages.from());
    links.mergeAt(mm, pages.to());
  }
}
