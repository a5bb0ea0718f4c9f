package shootdown.kernel;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Descriptor;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.kernel.mmap.MemorySyscalls;
import shootdown.kernel.uffd.ReadUserfault;
import shootdown.machine.Machine;
import shootdown.sched.Violation;

/// The system calls of userfaultfds, by their descriptors.
final class Userfaultfds {
  private static final long UFFD_USER_MODE_ONLY = 1;

  private final KernelData data;
  private final MemorySyscalls memory;
  private final ReadUserfault read;

  Userfaultfds(KernelData data, MemorySyscalls memory) {
    this.data = data;
    this.memory = memory;
    this.read = new ReadUserfault(data);
  }

  /// The userfaultfd that is open as `fd`.
  Optional<Userfaultfd> at(int fd) {
    return Descriptor.of(fd).orElse(null) instanceof Descriptor.OfUserfaultfd(int mm)
        ? data.userfaultfd(mm).filter(Userfaultfd::isOpen)
        : Optional.empty();
  }

  /// userfaultfd(2), and UFFDIO_API without features. That only faults of user code wait for it,
  /// UFFD_USER_MODE_ONLY, makes no difference: where others come it is a stated limit.
  long userfaultfd(Current me, long flags) {
    if ((flags & ~UFFD_USER_MODE_ONLY) != 0) {
      return Errno.EINVAL.result();
    }
    var ctx = data.userfaultfd(me.mm()).orElseThrow();
    if (data.layout().hasHugePages() || ctx.isOpen()) {
      throw data.steps()
          .fail(
              new Violation(
                  Machine.LIMIT, "userfaultfd() with huge pages, or twice in one process"));
    }
    ctx.open();
    return new Descriptor.OfUserfaultfd(me.mm()).fd();
  }

  /// ioctl(2); see [MemorySyscalls#uffdIoctl].
  long ioctl(Current me, int fd, long request, long... fields) {
    return at(fd)
        .map(ctx -> memory.uffdIoctl(me, ctx, request, fields))
        .orElse(Errno.EBADF.result());
  }

  /// read(2).
  long read(Userfaultfd ctx, long count, UserBuffer to) {
    return data.steps().call("read", () -> read.read(ctx, count, to));
  }
}
