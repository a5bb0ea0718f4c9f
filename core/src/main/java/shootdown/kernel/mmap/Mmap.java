package shootdown.kernel.mmap;

import static shootdown.kernel.mmap.MmanConstants.MAP_ANONYMOUS;
import static shootdown.kernel.mmap.MmanConstants.MAP_FIXED;
import static shootdown.kernel.mmap.MmanConstants.MAP_FIXED_NOREPLACE;
import static shootdown.kernel.mmap.MmanConstants.MAP_GROWSDOWN;
import static shootdown.kernel.mmap.MmanConstants.MAP_HUGETLB;
import static shootdown.kernel.mmap.MmanConstants.MAP_LOCKED;
import static shootdown.kernel.mmap.MmanConstants.MAP_POPULATE;
import static shootdown.kernel.mmap.MmanConstants.MAP_PRIVATE;
import static shootdown.kernel.mmap.MmanConstants.MAP_SHARED;
import static shootdown.kernel.mmap.MmanConstants.MAP_SHARED_VALIDATE;
import static shootdown.kernel.mmap.MmanConstants.MAP_TYPE;
import static shootdown.kernel.mmap.MmanConstants.PROT_EXEC;
import static shootdown.kernel.mmap.MmanConstants.PROT_READ;
import static shootdown.kernel.mmap.MmanConstants.PROT_WRITE;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.kernel.fault.WriteOnly;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// mmap(2).
final class Mmap {
  /// What a VMA can say of where in a file it begins.
  private static final int MAX_PGOFF = 0xfff;

  private static final int PAGE_SHIFT = 12;

  /// Pages of the largest file, `MAX_LFS_FILESIZE`.
  private static final long MAX_FILE_PAGES = Long.MAX_VALUE >>> PAGE_SHIFT;

  /// What MAP_SHARED_VALIDATE takes: MAP_FIXED_NOREPLACE and MAP_SYNC are not among them.
  private static final long LEGACY_MAP_MASK = 0x7c07_f9f3L;

  private static final long NOT_MODELLED = MAP_GROWSDOWN | MAP_LOCKED | MAP_HUGETLB;

  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final VmaLocks locks;
  private final Munmap munmap;
  private final Populate populate;
  private final WriteOnly writeOnly;
  private final FixedNoreplace noreplace;

  Mmap(
      KernelData data,
      Decisions decisions,
      VmaLinks links,
      Munmap munmap,
      Populate populate) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.locks = new VmaLocks(data, decisions);
    this.munmap = munmap;
    this.populate = populate;
    this.writeOnly = decisions.get(WriteOnly.class);
    this.noreplace = decisions.get(FixedNoreplace.class);
  }

  /// The arguments, checked as far as they can be without the address space.
  ///
  /// @param addr byte address, a hint or fixed
  /// @param count pages
  /// @param prot PROT_* bits
  /// @param flags MAP_* bits
  /// @param fd number of the file, -1 for none
  /// @param pgoff first page of the file
  private record Request(
      long addr, long count, long prot, long flags, int fd, long pgoff) {
    boolean has(long mask) {
      return (flags & mask) != 0;
    }

    /// What is wrong with the offset or the flags, if anything.
    @Models(file = "mm/mmap.c", function = "do_mmap")
    Optional<Errno> mistake() {
      if (pgoff + count > MAX_FILE_PAGES) {
        return Optional.of(Errno.EOVERFLOW);
      }
      long type = flags & MAP_TYPE;
      if (type == MAP_SHARED_VALIDATE && !anonymous()) {
        if ((flags & ~LEGACY_MAP_MASK) != 0) {
          return Optional.of(Errno.EOPNOTSUPP);
        }
      } else if (type != MAP_SHARED && type != MAP_PRIVATE) {
        return Optional.of(Errno.EINVAL);
      }
      boolean growsWrongly = has(MAP_GROWSDOWN) && (!anonymous() || type != MAP_PRIVATE);
      return growsWrongly || has(MAP_HUGETLB) && !anonymous()
          ? Optional.of(Errno.EINVAL)
          : Optional.empty();
    }

    boolean fixed() {
      return has(MAP_FIXED | MAP_FIXED_NOREPLACE);
    }

    boolean shared() {
      return (flags & MAP_TYPE) != MAP_PRIVATE;
    }

    boolean anonymous() {
      return has(MAP_ANONYMOUS);
    }

    long vmFlags() {
      return calcVmProtBits(prot)
          | Vma.VM_MAYWRITE
          | (shared() ? Vma.VM_SHARED : Vma.VM_ANON_VMA);
    }
  }

  @Models(file = "mm/mmap.c", function = "ksys_mmap_pgoff", leavesOut = "hugetlb, modes of files")
  long mmap(Current me, long addr, long length, long prot, long flags, int fd, long offset) {
    if (!Pages.isAligned(offset) || isRefused(prot)) {
      return Errno.EINVAL.result();
    }
    boolean anonymous = (flags & MAP_ANONYMOUS) != 0;
    if (!anonymous && !isOpen(fd)) {
      return Errno.EBADF.result();
    }
    if (length == 0) {
      return Errno.EINVAL.result();
    }
    long count = Pages.count(length);
    if (count == 0 || !Pages.fit(0, count)) {
      return Errno.ENOMEM.result();
    }
    long pgoff = anonymous ? 0 : offset >>> PAGE_SHIFT;
    var request = new Request(addr, count, prot, flags, anonymous ? -1 : fd, pgoff);
    var mm = data.mm(me.mm());
    mm.mmapLock().lock();
    long result = doMmap(me, mm, request);
    locks.mmapWriteUnlock(mm);
    if (result > 0 && request.has(MAP_POPULATE)) {
      populate.mmPopulate(me, mm, Pages.at(data.layout(), result, count));
    }
    return result;
  }

  @Models(file = "arch/riscv/kernel/sys_riscv.c", function = "riscv_sys_mmap")
  private boolean isRefused(long prot) {
    return (prot & (PROT_READ | PROT_WRITE)) == PROT_WRITE
        && writeOnly.isRefused(data.machine().profile(), (prot & PROT_EXEC) != 0);
  }

  @Models(file = "mm/mmap.c", function = "calc_vm_prot_bits")
  static long calcVmProtBits(long prot) {
    return ((prot & PROT_READ) != 0 ? Vma.VM_READ : 0)
        | ((prot & PROT_WRITE) != 0 ? Vma.VM_WRITE : 0);
  }

  private boolean isOpen(int fd) {
    return fd >= 0
        && fd < data.files().size()
        && !data.file(fd).is(FileData.Kind.NONE);
  }

  @Models(file = "mm/mmap.c", function = "do_mmap", leavesOut = "mlock, limits")
  private long doMmap(Current me, Mm mm, Request request) {
    return steps.call(
        "do_mmap",
        () -> {
          long at = getUnmappedArea(mm, request);
          if (at < 0) {
            return at;
          }
          var mistake = request.mistake();
          if (mistake.isPresent()) {
            return mistake.get().result();
          }
          if (request.has(NOT_MODELLED)) {
            throw steps.fail(
                new Violation(
                    Machine.LIMIT,
                    "mmap() with flags 0x" + Long.toHexString(request.flags() & NOT_MODELLED)));
          }
          if (!Pages.modelled(data.layout(), at, request.count())
              || request.pgoff() + request.count() > MAX_PGOFF) {
            throw steps.fail(
                new Violation(Machine.LIMIT, "a mapping of " + request.count() + " pages there"));
          }
          var pages = Pages.at(data.layout(), at, request.count());
          if (request.fixed()) {
            munmap.unmap(me, mm, pages);
          }
          links.vmaLink(mm, vma(mm, pages, request));
          links.mergeAt(mm, pages.from());
          links.mergeAt(mm, pages.to());
          return at;
        });
  }

  /// Where the mapping goes, in bytes, or -errno.
  @Models(file = "mm/mmap.c", function = "get_unmapped_area", leavesOut = "top-down search")
  private long getUnmappedArea(Mm mm, Request request) {
    return steps.call(
        "get_unmapped_area",
        () -> {
          if (request.fixed()) {
            return fixed(mm, request);
          }
          var layout = data.layout();
          long hint = request.addr() & -Layout.PAGE_SIZE;
          var pages = Pages.at(layout, hint, request.count());
          if (hint != 0
              && Pages.fit(hint, request.count())
              && mm.firstOverlap(pages.from(), pages.to()).isEmpty()) {
            return hint;
          }
          int count = (int) Math.min(request.count(), layout.pages());
          return mm.unmappedArea(count, 1, layout)
              .map(Pages::address)
              .orElseThrow(
                  () ->
                      steps.fail(
                          new Violation(Machine.LIMIT, "no address space left for mmap()")));
        });
  }

  private long fixed(Mm mm, Request request) {
    long addr = request.addr();
    if (!Pages.fit(addr, request.count())) {
      return Errno.ENOMEM.result();
    }
    if (!Pages.isAligned(addr)) {
      return Errno.EINVAL.result();
    }
    if (addr == 0) {
      return Errno.EPERM.result(); // mmap_min_addr
    }
    var pages = noreplace.refusing(Pages.at(data.layout(), addr, request.count()));
    boolean taken =
        request.has(MAP_FIXED_NOREPLACE)
            && mm.firstOverlap(pages.from(), pages.to()).isPresent();
    return taken ? Errno.EEXIST.result() : addr;
  }

  private Vma vma(Mm mm, Pages pages, Request request) {
    if (!request.anonymous()) {
      return new Vma(
          pages.from(), pages.to(), (int) request.pgoff(), request.fd(),
          fileVmFlags(request) | ksmVmFlags(mm, request));
    }
    if (request.shared()) {
      int file = shmemZeroSetup(pages.count());
      return new Vma(pages.from(), pages.to(), 0, file, request.vmFlags());
    }
    return new Vma(
        pages.from(), pages.to(), pages.from(), Vma.ANONYMOUS,
        request.vmFlags() | ksmVmFlags(mm, request));
  }

  @Models(file = "mm/ksm.c", function = "ksm_add_vma", leavesOut = "special mappings")
  private static long ksmVmFlags(Mm mm, Request request) {
    return mm.mergesAny() && !request.shared() ? Vma.VM_MERGEABLE : 0;
  }

  /// A private mapping of a file gets its anon_vma with its first page of its own, where somebody
  /// asks whether it has one: collapse, of huge pages.
  private long fileVmFlags(Request request) {
    return data.layout().hasHugePages()
        ? request.vmFlags() & ~Vma.VM_ANON_VMA
        : request.vmFlags();
  }

  /// Makes the unnamed file that a shared anonymous mapping maps; tells its number.
  @Models(file = "mm/shmem.c", function = "shmem_zero_setup", leavesOut = "freeing it: it stays")
  private int shmemZeroSetup(int pages) {
    return steps.atomically(
        "shmem_zero_setup",
        () -> {
          for (var file : data.files()) {
            if (file.is(FileData.Kind.NONE)) {
              if (pages > file.maxPages()) {
                break;
              }
              file.kind().write(FileData.Kind.SHMEM.ordinal());
              file.size().write(Pages.address(pages));
              return file.number();
            }
          }
          throw steps.fail(
              new Violation(Machine.LIMIT, "no file left for a shared anonymous mapping"));
        });
  }
}
