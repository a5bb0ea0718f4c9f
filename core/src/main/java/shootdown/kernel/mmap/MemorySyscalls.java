package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.data.Vma;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.fault.UserMemory;
import shootdown.kernel.filemap.Fsync;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.khugepaged.Khugepaged;
import shootdown.kernel.ksm.BreakKsm;
import shootdown.kernel.pgtable.Zap;
import shootdown.kernel.reclaim.Reclaim;

/// The system calls that change an address space: arguments as in their man pages, addresses and
/// lengths in bytes. Each returns what the call returns, or minus an errno's number.
public final class MemorySyscalls {
  private final KernelData data;
  private final Mmap mmap;
  private final Munmap munmap;
  private final Mlock mlock;
  private final Mprotect mprotect;
  private final NumaHint numaHint;
  private final Mremap mremap;
  private final Madvise madvise;
  private final Msync msync;
  private final Fork fork;
  private final Khugepaged khugepaged;
  private final OomReaper oomReaper;
  private final ClearRefs clearRefs;
  private final UffdIoctl uffdIoctl;

  public MemorySyscalls(
      KernelData data,
      Decisions decisions,
      Zap zap,
      MmFault faults,
      Fsync fsync,
      Reclaim reclaim) {
    this.data = data;
    var links = new VmaLinks(data, decisions);
    var populate = new Populate(data, faults);
    this.munmap = new Munmap(data, decisions, links, zap);
    this.mmap = new Mmap(data, decisions, links, munmap, populate);
    this.mlock = new Mlock(data, decisions, links, populate);
    this.mprotect = new Mprotect(data, decisions, links, populate);
    this.numaHint = new NumaHint(data, decisions);
    var breakKsm = new BreakKsm(data, decisions, faults);
    this.mremap = new Mremap(data, decisions, links, munmap, breakKsm);
    this.khugepaged = new Khugepaged(data, decisions, faults);
    var gup = new Gup(data, decisions, faults);
    var flags = new MadviseFlags(data, links, breakKsm);
    this.madvise = new Madvise(data, decisions, flags, zap, gup, reclaim, khugepaged);
    this.oomReaper = new OomReaper(data, decisions, zap);
    this.clearRefs = new ClearRefs(data, decisions);
    this.uffdIoctl =
        new UffdIoctl(data, decisions, links, new UserMemory(data, decisions, faults));
    this.msync = new Msync(data, decisions, fsync);
    this.fork = new Fork(data, decisions, links);
  }

  /// mmap(2).
  ///
  /// @param fd number of the file; -1 for none
  public long mmap(
      Current me, long addr, long length, long prot, long flags, int fd, long offset) {
    return data.steps()
        .call("mmap", () -> mmap.mmap(me, addr, length, prot, flags, fd, offset));
  }

  /// munmap(2).
  public long munmap(Current me, long addr, long length) {
    return data.steps().call("munmap", () -> munmap.munmap(me, addr, length));
  }

  /// mprotect(2).
  public long mprotect(Current me, long addr, long length, long prot) {
    return data.steps().call("mprotect", () -> mprotect.mprotect(me, addr, length, prot));
  }

  /// Work of a kernel thread: NUMA balancing wants to know who uses page `vpn`.
  public void numaHint(Current me, int mm, int vpn) {
    numaHint.scan(me, data.mm(mm), vpn);
  }

  /// mlock(2).
  public long mlock(Current me, long addr, long length) {
    return data.steps().call("mlock", () -> mlock.mlock(me, addr, length));
  }

  /// munlock(2).
  public long munlock(Current me, long addr, long length) {
    return data.steps().call("munlock", () -> mlock.munlock(me, addr, length));
  }

  /// mremap(2).
  ///
  /// @param newAddr only read with MREMAP_FIXED
  public long mremap(
      Current me, long addr, long oldLength, long newLength, long flags, long newAddr) {
    return data.steps()
        .call("mremap", () -> mremap.mremap(me, addr, oldLength, newLength, flags, newAddr));
  }

  /// madvise(2).
  public long madvise(Current me, long addr, long length, long advice) {
    return data.steps().call("madvise", () -> madvise.madvise(me, addr, length, advice));
  }

  /// msync(2).
  public long msync(Current me, long addr, long length, long flags) {
    return data.steps().call("msync", () -> msync.msync(me, addr, length, flags));
  }

  /// fork(2): copies the caller's address space into the empty one numbered `child`. Who runs
  /// there, and on which CPU, is the caller's business.
  public void fork(Current me, int child) {
    data.steps().run("fork", () -> fork.fork(me, child));
  }

  /// The OOM killer takes the process that has the address space. No system call.
  public void oomReap(Current me, int mm) {
    oomReaper.oomReap(me, data.mm(mm));
  }

  /// Somebody writes 4 to `/proc/PID/clear_refs` of the process that has the address space.
  public void clearRefs(Current me, int mm) {
    clearRefs.clearRefs(me, data.mm(mm));
  }

  /// ioctl(2) of a userfaultfd.
  ///
  /// @param fields of the request's struct, four
  public long uffdIoctl(Current me, Userfaultfd ctx, long request, long... fields) {
    return data.steps().call("ioctl", () -> uffdIoctl.ioctl(me, ctx, request, fields));
  }

  /// khugepaged comes to page `vpn` of an address space. No system call.
  public void collapse(Current me, int mm, int vpn) {
    khugepaged.collapse(me, mm, vpn);
  }

  /// Keeps pages free of automatic placement, as tests want it for addresses to move to; tells the
  /// byte address. No system call, and no mapping.
  ///
  /// @param align of the address, in pages
  public long reserve(Current me, long length, int align) {
    int pages = (int) Math.min(Pages.count(length), data.layout().pages());
    var mm = data.mm(me.mm());
    return data.steps()
        .call(
            "reserve",
            () -> {
              mm.mmapLock().lock();
              var at = mm.unmappedArea(pages, align, data.layout());
              at.ifPresent(
                  start ->
                      mm.vmas()
                          .change(
                              () ->
                                  mm.insert(
                                      new Vma(
                                          start,
                                          start + pages,
                                          0,
                                          Vma.ANONYMOUS,
                                          Vma.RESERVED))));
              mm.mmapLock().unlock();
              return at.map(Pages::address).orElse(-1L);
            });
  }
}
