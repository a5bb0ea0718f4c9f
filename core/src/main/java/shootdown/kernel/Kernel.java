package shootdown.kernel;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Descriptor;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Pipe;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.fault.UserMemory;
import shootdown.kernel.filemap.Fadvise;
import shootdown.kernel.filemap.FileIo;
import shootdown.kernel.filemap.Fsync;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.filemap.Truncate;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.kernel.filemap.Writeback;
import shootdown.kernel.futex.Futex;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.gup.GupFast;
import shootdown.kernel.gup.Uaccess;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.ksm.Ksmd;
import shootdown.kernel.migrate.MigratePages;
import shootdown.kernel.mmap.MemorySyscalls;
import shootdown.kernel.pgtable.Zap;
import shootdown.kernel.pins.DirectIo;
import shootdown.kernel.pins.Pipes;
import shootdown.kernel.pins.RemoteVm;
import shootdown.kernel.reclaim.Reclaim;
import shootdown.kernel.rmap.Rmap;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.View;
import shootdown.sched.Violation;

/// The kernel: all rooms, wired, and the system calls, with the arguments of their manual pages.
///
/// Addresses, lengths and offsets are in bytes. A call returns what the manual page says, or minus
/// an errno's number. A file descriptor is the number of a file.
///
/// A system call begins with an empty store buffer: every one here takes a lock at once, or changes
/// user memory by a locked instruction.
public final class Kernel {
  /// Names of the system calls, and of the work of kernel threads, that are built.
  public static final List<String> CALLS =
      List.of(
          "mmap",
          "munmap",
          "mremap",
          "mprotect",
          "madvise",
          "mlock",
          "munlock",
          "msync",
          "posix_fadvise",
          "pread",
          "pwrite",
          "vmsplice",
          "read",
          "open",
          "pipe",
          "userfaultfd",
          "ioctl",
          "ftruncate",
          "fsync",
          "fdatasync",
          "sync_file_range",
          "futex",
          "fork",
          "gettid",
          "writeback",
          "shrink",
          "collapse",
          "migrate",
          "numa_hint",
          "ksm_merge",
          "clear_refs",
          "oom_reap");

  private static final long O_RDWR = 2;
  private static final long O_DIRECT = 0x4000;

  private final KernelData data;
  private final UserMemory user;
  private final MemorySyscalls memory;
  private final FileIo io;
  private final Truncate truncate;
  private final Fadvise fadvise;
  private final Fsync fsync;
  private final Writeback writeback;
  private final Reclaim reclaim;
  private final MigratePages migratePages;
  private final Ksmd ksmd;
  private final Futex futex;
  private final RemoteVm remoteVm;
  private final DirectIo directIo;
  private final Pipes pipes;
  private final Userfaultfds userfaultfds;

  /// @param threads how many threads a test has, children included; their tids are 1 … threads
  public Kernel(KernelData data, Decisions decisions, int threads) {
    this.data = data;
    var pages = new PageCache(data, decisions);
    var rmap = new Rmap(data, decisions);
    var zap = new Zap(data, decisions);
    var faults = new MmFault(data, decisions, pages);
    var gup = new Gup(data, decisions, faults);
    this.user = new UserMemory(data, decisions, faults);
    this.io = new FileIo(data, decisions, pages);
    this.truncate = new Truncate(data, decisions, pages, zap::unmapMappingPages);
    this.writeback = new Writeback(data, decisions, pages, rmap);
    this.fadvise = new Fadvise(data, decisions, pages, writeback);
    this.fsync = new Fsync(data, writeback);
    this.reclaim = new Reclaim(data, decisions, pages, writeback, rmap);
    this.migratePages = new MigratePages(data, decisions);
    this.ksmd = new Ksmd(data, decisions, faults);
    this.memory = new MemorySyscalls(data, decisions, zap, faults, fsync, reclaim);
    var uaccess = new Uaccess(data, user);
    var gupFast = new GupFast(data, decisions, gup);
    this.futex = new Futex(data, decisions, gup, gupFast, uaccess, threads);
    this.remoteVm = new RemoteVm(data, decisions, gup);
    this.directIo = new DirectIo(data, decisions, writeback, gup, gupFast);
    this.userfaultfds = new Userfaultfds(data, memory);
    this.pipes = new Pipes(data, gup, gupFast);
  }

  /// Loads and stores of user code.
  public UserMemory user() {
    return user;
  }

  public long mmap(
      Current me, long addr, long length, long prot, long flags, int fd, long offset) {
    enter(me);
    int file =
        Descriptor.of(fd).orElse(null) instanceof Descriptor.OfFile(int number, _) ? number : -1;
    return memory.mmap(me, addr, length, prot, flags, file, offset);
  }

  public long munmap(Current me, long addr, long length) {
    enter(me);
    return memory.munmap(me, addr, length);
  }

  public long mremap(
      Current me, long oldAddress, long oldSize, long newSize, long flags, long newAddress) {
    enter(me);
    return memory.mremap(me, oldAddress, oldSize, newSize, flags, newAddress);
  }

  public long mprotect(Current me, long addr, long length, long prot) {
    enter(me);
    return memory.mprotect(me, addr, length, prot);
  }

  public long madvise(Current me, long addr, long length, long advice) {
    enter(me);
    return memory.madvise(me, addr, length, advice);
  }

  public long mlock(Current me, long addr, long length) {
    enter(me);
    return memory.mlock(me, addr, length);
  }

  public long munlock(Current me, long addr, long length) {
    enter(me);
    return memory.munlock(me, addr, length);
  }

  public long msync(Current me, long addr, long length, long flags) {
    enter(me);
    return memory.msync(me, addr, length, flags);
  }

  public long posixFadvise(Current me, int fd, long offset, long length, int advice) {
    return onFile(
        me, "posix_fadvise", fd, file -> fadvise.posixFadvise(me, file, offset, length, advice));
  }

  /// pread(2); of `/proc/self/mem`, the offset is an address.
  public long pread(Current me, int fd, long count, long offset, UserBuffer to) {
    enter(me);
    return data.steps().call("pread", () -> read(me, fd, count, offset, to));
  }

  private long read(Current me, int fd, long count, long offset, UserBuffer to) {
    if (offset < 0) {
      return Errno.EINVAL.result();
    }
    if (Descriptor.of(fd).orElse(null) instanceof Descriptor.OfMemory(int mm)) {
      return remoteVm.read(me, mm, count, offset, to);
    }
    return file(fd)
        .map(file -> io.pread(file, count, offset, to))
        .orElse(Errno.EBADF.result());
  }

  /// pread(2) of a file that is open with O_DIRECT, to byte address `buffer`.
  public long preadDirect(Current me, int fd, long buffer, long count, long offset) {
    return offset < 0
        ? Errno.EINVAL.result()
        : onFile(
            me, "pread", fd, file -> directIo.read(me, file, buffer, count, offset));
  }

  /// Whether `fd` is a file that is open with O_DIRECT.
  public boolean isDirect(int fd) {
    return Descriptor.of(fd).orElse(null) instanceof Descriptor.OfFile(_, boolean direct)
        && direct
        && isOpen(fd);
  }

  /// Whether a file, or memory, is open as `fd`.
  public boolean isOpen(int fd) {
    return file(fd).isPresent()
        || Descriptor.of(fd).orElse(null) instanceof Descriptor.OfMemory;
  }

  /// pwrite(2) of whole words; of `/proc/self/mem`, the offset is an address.
  public long pwrite(Current me, int fd, long count, long offset, UserBuffer from) {
    if (offset >= 0
        && Descriptor.of(fd).orElse(null) instanceof Descriptor.OfMemory(int mm)) {
      enter(me);
      return data.steps().call("pwrite", () -> remoteVm.write(me, mm, count, offset, from));
    }
    return offset < 0
        ? Errno.EINVAL.result()
        : onFile(me, "pwrite", fd, file -> io.pwrite(file, count, offset, from));
  }

  /// vmsplice(2) of one segment.
  public long vmsplice(Current me, int fd, long base, long length, long flags) {
    if (!takesSpliceFlags(flags)) {
      return Errno.EINVAL.result();
    }
    return onPipe(me, "vmsplice", fd, pipe -> pipes.vmsplice(me, pipe, base, length));
  }

  /// Whether vmsplice() knows all of these flags.
  public boolean takesSpliceFlags(long flags) {
    return (flags & ~Pipes.SPLICE_F_ALL) == 0;
  }

  /// read(2) of a pipe, or of a userfaultfd.
  public long read(Current me, int fd, long count, UserBuffer to) {
    var ctx = userfaultfds.at(fd);
    if (ctx.isPresent()) {
      enter(me);
      return userfaultfds.read(ctx.get(), count, to);
    }
    return onPipe(me, "read", fd, pipe -> pipes.read(pipe, count, to));
  }

  /// Whether `fd` is a pipe.
  public boolean isPipe(int fd) {
    return pipe(fd).isPresent();
  }

  /// Whether `fd` can be read without an offset.
  public boolean isReadable(int fd) {
    return isPipe(fd) || userfaultfds.at(fd).isPresent();
  }

  /// userfaultfd(2), and UFFDIO_API without features.
  public long userfaultfd(Current me, long flags) {
    return userfaultfds.userfaultfd(me, flags);
  }

  /// ioctl(2) of a userfaultfd; see [MemorySyscalls#uffdIoctl].
  public long ioctl(Current me, int fd, long request, long... fields) {
    enter(me);
    return userfaultfds.ioctl(me, fd, request, fields);
  }

  /// open(2) of a file that is open already, or of the caller's memory.
  ///
  /// @param fd of the file, -1 for `/proc/self/mem`
  public long open(Current me, int fd, long flags) {
    if ((flags & ~O_DIRECT) != O_RDWR) {
      throw data.steps()
          .fail(new Violation(Machine.LIMIT, "open() other than with O_RDWR, O_DIRECT"));
    }
    if (fd < 0) {
      return new Descriptor.OfMemory(me.mm()).fd();
    }
    boolean direct = (flags & O_DIRECT) != 0;
    if (direct && file(fd).filter(file -> file.is(FileData.Kind.SHMEM)).isPresent()) {
      throw data.steps()
          .fail(new Violation(Machine.LIMIT, "O_DIRECT for a file that lies in memory"));
    }
    return file(fd)
        .map(file -> (long) new Descriptor.OfFile(file.number(), direct).fd())
        .orElse(Errno.EBADF.result());
  }

  /// pipe(2): tells the number that stands for both ends.
  public long pipe() {
    for (var pipe : data.pipes()) {
      if (!pipe.isOpen()) {
        pipe.open();
        return new Descriptor.OfPipe(pipe.number()).fd();
      }
    }
    throw data.steps().fail(new Violation(Machine.LIMIT, "more pipes than the model has room for"));
  }

  public long ftruncate(Current me, int fd, long length) {
    return length < 0
        ? Errno.EINVAL.result()
        : onFile(me, "ftruncate", fd, file -> truncate.ftruncate(me, file, length));
  }

  public long fsync(Current me, int fd) {
    return onFile(me, "fsync", fd, file -> fsync.fsync(me, file));
  }

  public long fdatasync(Current me, int fd) {
    return onFile(me, "fdatasync", fd, file -> fsync.fdatasync(me, file));
  }

  public long syncFileRange(Current me, int fd, long offset, long nbytes, long flags) {
    return onFile(
        me,
        "sync_file_range",
        fd,
        file -> fsync.syncFileRange(me, file, offset, nbytes, flags));
  }

  /// futex(2); see [Futex#futex].
  public long futex(
      Current me, long uaddr, int op, int val, long timeout, long uaddr2, int val3) {
    return data.steps()
        .call("futex", () -> futex.futex(me, uaddr, op, val, timeout, uaddr2, val3));
  }

  /// Threads that are queued on a futex when memory is as in `view`, by tid.
  public List<Integer> futexWaiters(View view) {
    return futex.waiting(view);
  }

  /// fork(2), as far as memory goes: copies the caller's address space into the empty one numbered
  /// `child`. Who runs there is the caller's business.
  public void fork(Current me, int child) {
    enter(me);
    memory.fork(me, child);
  }

  public long gettid(Current me) {
    return me.tid();
  }

  /// Work of a kernel thread: writes the file's dirty pages to disk, as the flusher does.
  public void writeback(Current me, int fd) {
    onFile(
        me,
        "writeback",
        fd,
        file -> {
          writeback.writeback(me, file);
          return 0;
        });
  }

  /// Work of a kernel thread: tries to reclaim the page at `addr` of address space `mm`, as kswapd
  /// does.
  public void shrink(Current me, int mm, long addr) {
    enter(me);
    reclaim.shrink(me, mm, (int) (addr / Layout.PAGE_SIZE));
  }

  /// Work of a kernel thread: moves the page at `addr` of address space `mm` to another frame, as
  /// compaction or move_pages(2) does.
  public void migrate(Current me, int mm, long addr) {
    enter(me);
    migratePages.migrate(me, mm, (int) (addr / Layout.PAGE_SIZE));
  }

  /// Work of a kernel thread: makes the next use of the page at `addr` of address space `mm` fault,
  /// as NUMA balancing does.
  public void numaHint(Current me, int mm, long addr) {
    enter(me);
    memory.numaHint(me, mm, (int) (addr / Layout.PAGE_SIZE));
  }

  /// Work of a kernel thread: merges the pages at `addr` and `addr2` of address space `mm` if they
  /// have the same contents, as ksmd does that comes to the first and knows the other.
  public void ksmMerge(Current me, int mm, long addr, long addr2) {
    enter(me);
    ksmd.ksmMerge(
        me, data.mm(mm), (int) (addr / Layout.PAGE_SIZE), (int) (addr2 / Layout.PAGE_SIZE));
  }

  /// Work of a kernel thread: makes all entries of address space `mm` read-only, to see what is
  /// stored to from then on.
  public void clearRefs(Current me, int mm) {
    enter(me);
    memory.clearRefs(me, mm);
  }

  /// Work of a kernel thread: tries to make a huge page of those around `addr` of address space
  /// `mm`, as khugepaged does.
  public void collapse(Current me, int mm, long addr) {
    enter(me);
    memory.collapse(me, mm, (int) (addr / Layout.PAGE_SIZE));
  }

  /// Work of a kernel thread: kills the process that has address space `mm` and takes its private
  /// memory away.
  public void oomReap(Current me, int mm) {
    enter(me);
    memory.oomReap(me, mm);
  }

  /// A new file on disk, zeroed; no system call. Tells its descriptor.
  public int file(long length) {
    return file(length, FileData.Kind.DISK);
  }

  /// A new file that lies in memory, zeroed; as [#file].
  public int memfd(long length) {
    return file(length, FileData.Kind.SHMEM);
  }

  private int file(long length, FileData.Kind kind) {
    for (var file : data.files()) {
      if (file.is(FileData.Kind.NONE)) {
        file.kind().write(kind.ordinal());
        file.size().write(length);
        return file.number();
      }
    }
    throw data.steps().fail(new Violation(Machine.LIMIT, "more files than the model has room for"));
  }

  /// Address space that mmap() gives to nobody, for tests to move to; no system call. Tells its
  /// address.
  ///
  /// @param align of the address, in pages
  public long reserve(Current me, long length, int align) {
    return memory.reserve(me, length, align);
  }

  private long onFile(Current me, String call, int fd, ToLongFunction<FileData> body) {
    enter(me);
    return data.steps()
        .call(
            call,
            () -> {
              var file = file(fd);
              return file.isPresent() ? body.applyAsLong(file.get()) : Errno.EBADF.result();
            });
  }

  private long onPipe(Current me, String call, int fd, ToLongFunction<Pipe> body) {
    enter(me);
    return data.steps()
        .call(
            call,
            () -> {
              var pipe = pipe(fd);
              return pipe.isPresent() ? body.applyAsLong(pipe.get()) : Errno.EBADF.result();
            });
  }

  private Optional<FileData> file(int fd) {
    return Descriptor.of(fd).orElse(null) instanceof Descriptor.OfFile(int number, _)
            && number < data.files().size()
            && !data.file(number).is(FileData.Kind.NONE)
        ? Optional.of(data.file(number))
        : Optional.empty();
  }

  private Optional<Pipe> pipe(int fd) {
    return Descriptor.of(fd).orElse(null) instanceof Descriptor.OfPipe(int number)
            && number < data.pipes().size()
        ? Optional.of(data.pipes().get(number))
        : Optional.empty();
  }

  private void enter(Current me) {
    data.machine().storeBuffers().drain(me.cpu());
  }
}
