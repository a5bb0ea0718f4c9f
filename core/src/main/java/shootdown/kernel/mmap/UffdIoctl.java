package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.fault.UserMemory;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.uffd.WakeUserfault;
import shootdown.machine.Layout;
import shootdown.sched.Steps;

/// ioctl(2) of a userfaultfd: the requests, and whom they wake.
final class UffdIoctl {
  private static final long REGISTER = 0xc020aa00L;
  private static final long UNREGISTER = 0x8010aa01L;
  private static final long WAKE = 0x8010aa02L;
  private static final long COPY = 0xc028aa03L;
  private static final long ZEROPAGE = 0xc020aa04L;
  private static final long WRITEPROTECT = 0xc018aa06L;

  private static final long WRITEPROTECT_MODE_WP = 1;
  private static final long WRITEPROTECT_MODE_DONTWAKE = 2;

  private final KernelData data;
  private final Steps steps;
  private final UffdRegister register;
  private final UffdWriteProtect writeProtect;
  private final MfillAtomic fill;
  private final WakeUserfault wake;

  UffdIoctl(KernelData data, Decisions decisions, VmaLinks links, UserMemory user) {
    this.data = data;
    this.steps = data.steps();
    this.writeProtect = new UffdWriteProtect(data, decisions);
    this.register = new UffdRegister(data, decisions, links, writeProtect);
    this.fill = new MfillAtomic(data, decisions, user);
    this.wake = new WakeUserfault(data, decisions);
  }

  /// @param fields of the request's struct, in their order, four of them; those that it does not
  ///     have are of no meaning
  @Models(
      file = "fs/userfaultfd.c",
      function = "userfaultfd_ioctl",
      leavesOut = "UFFDIO_API, which userfaultfd() has asked for; UFFDIO_CONTINUE, UFFDIO_POISON,"
          + " UFFDIO_MOVE; that the structs are in user memory")
  long ioctl(Current me, Userfaultfd ctx, long request, long[] fields) {
    long start = fields[0];
    if (request == REGISTER) {
      return register.register(me, ctx, start, fields[1], fields[2]);
    }
    if (request == UNREGISTER) {
      return register.unregister(me, ctx, start, fields[1]);
    }
    if (request == WAKE) {
      return wake(ctx, start, fields[1]);
    }
    if (request == COPY) {
      return copy(me, ctx, fields);
    }
    if (request == ZEROPAGE) {
      return zeropage(ctx, start, fields[1], fields[2]);
    }
    return request == WRITEPROTECT
        ? writeprotect(me, ctx, start, fields[1], fields[2])
        : Errno.EINVAL.result();
  }

  @Models(file = "fs/userfaultfd.c", function = "userfaultfd_wake")
  private long wake(Userfaultfd ctx, long start, long length) {
    if (!UffdRegister.isRange(start, length)) {
      return Errno.EINVAL.result();
    }
    var pages = pages(start, length);
    wake.wakeUserfault(ctx, pages.from(), pages.to());
    return 0;
  }

  @Models(file = "fs/userfaultfd.c", function = "userfaultfd_copy")
  private long copy(Current me, Userfaultfd ctx, long[] fields) {
    long source = fields[1];
    long length = fields[2];
    long mode = fields[3];
    boolean known =
        (mode & ~(MfillAtomic.COPY_MODE_DONTWAKE | MfillAtomic.COPY_MODE_WP)) == 0;
    if (!UffdRegister.isRange(fields[0], length) || source + length <= source || !known) {
      return Errno.EINVAL.result();
    }
    var to = pages(fields[0], length);
    return steps.call(
        "userfaultfd_copy",
        () -> {
          var filled = fill.copy(me, ctx, to, source, mode);
          return ended(ctx, to, filled, (mode & MfillAtomic.COPY_MODE_DONTWAKE) == 0);
        });
  }

  @Models(file = "fs/userfaultfd.c", function = "userfaultfd_zeropage")
  private long zeropage(Userfaultfd ctx, long start, long length, long mode) {
    if (!UffdRegister.isRange(start, length)
        || (mode & ~MfillAtomic.ZEROPAGE_MODE_DONTWAKE) != 0) {
      return Errno.EINVAL.result();
    }
    var to = pages(start, length);
    return steps.call(
        "userfaultfd_zeropage",
        () -> ended(ctx, to, fill.zeropage(ctx, to), mode == 0));
  }

  /// What was filled wakes, even if not all was.
  private long ended(Userfaultfd ctx, Pages to, MfillAtomic.Filled filled, boolean wakes) {
    if (filled.pages() == 0) {
      return filled.error().orElseThrow().result();
    }
    if (wakes) {
      wake.wakeUserfault(ctx, to.from(), to.from() + filled.pages());
    }
    return filled.pages() == to.count() ? 0 : Errno.EAGAIN.result();
  }

  @Models(file = "fs/userfaultfd.c", function = "userfaultfd_writeprotect")
  private long writeprotect(Current me, Userfaultfd ctx, long start, long length, long mode) {
    boolean wp = (mode & WRITEPROTECT_MODE_WP) != 0;
    boolean wakes = (mode & WRITEPROTECT_MODE_DONTWAKE) == 0;
    boolean known = (mode & ~(WRITEPROTECT_MODE_WP | WRITEPROTECT_MODE_DONTWAKE)) == 0;
    if (!UffdRegister.isRange(start, length) || !known || wp && !wakes) {
      return Errno.EINVAL.result();
    }
    return steps.call(
        "userfaultfd_writeprotect",
        () -> {
          long told =
              writeProtect.mwriteprotectRange(
                  me, ctx, start, length, wp ? UffdWp.PROTECT : UffdWp.RESOLVE);
          if (told == 0 && !wp && wakes) {
            var pages = pages(start, length);
            wake.wakeUserfault(ctx, pages.from(), pages.to());
          }
          return told;
        });
  }

  private Pages pages(long start, long length) {
    return Pages.at(data.layout(), start, length / Layout.PAGE_SIZE);
  }
}
