package shootdown.kernel.mmap;

import static shootdown.kernel.mmap.MmanConstants.MREMAP_FIXED;
import static shootdown.kernel.mmap.MmanConstants.MREMAP_MAYMOVE;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.sched.Steps;

/// mremap(2).
///
/// ```text
///                 | new length smaller      | same                | larger
/// ----------------+-------------------------+---------------------+-------------------------------
/// MREMAP_FIXED    | unmap the target; unmap the tail, or grow; move
/// else            | unmap the tail          | nothing             | grow in place if there is room
/// MREMAP_MAYMOVE  |                         |                     | else move to where there is
/// ```
final class Mremap {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final Munmap munmap;
  private final MovePageTables tables;

  Mremap(KernelData data, Decisions decisions, VmaLinks links, Munmap munmap) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.munmap = munmap;
    this.tables = new MovePageTables(data, links, decisions.get(MovePtesFlush.class));
  }

  /// Arguments.
  ///
  /// @param addr byte address of the old mapping, aligned
  /// @param oldPages its length; 0 asks for a second mapping of the same shared pages
  /// @param newPages the new length
  /// @param newAddr where to, with MREMAP_FIXED
  private record Request(long addr, int oldPages, int newPages, long newAddr) {
    int from() {
      return (int) (addr / Layout.PAGE_SIZE);
    }

    int to() {
      return (int) (newAddr / Layout.PAGE_SIZE);
    }

    Pages tail() {
      return new Pages(from() + newPages, from() + oldPages);
    }

    Request withOldPages(int pages) {
      return new Request(addr, pages, newPages, newAddr);
    }

    Request withNewAddress(long address) {
      return new Request(addr, oldPages, newPages, address);
    }
  }

  @Models(
      file = "mm/mremap.c",
      function = "mremap",
      leavesOut = "MREMAP_DONTUNMAP: fails with EINVAL, as before v5.7; hugetlb, mlock")
  long mremap(Current me, long addr, long oldLength, long newLength, long flags, long newAddr) {
    int oldPages = Pages.count(oldLength);
    int newPages = Pages.count(newLength);
    boolean fixed = (flags & MREMAP_FIXED) != 0;
    boolean mayMove = (flags & MREMAP_MAYMOVE) != 0;
    if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE)) != 0
        || fixed && !mayMove
        || !Pages.isAligned(addr)
        || newPages == 0) {
      return Errno.EINVAL.result();
    }
    if (!Pages.fit(data.layout(), addr, 1) || oldPages < 0) {
      return Errno.EFAULT.result();
    }
    var request = new Request(addr, oldPages, newPages, newAddr);
    var mm = data.mm(me.mm());
    mm.mmapLock().lock();
    long result;
    if (mm.vmaAt(request.from()).isEmpty()) {
      result = Errno.EFAULT.result();
    } else if (fixed) {
      result = mremapTo(me, mm, request);
    } else {
      result = resize(me, mm, request, mayMove);
    }
    mm.mmapLock().unlock();
    return result;
  }

  private long resize(Current me, Mm mm, Request request, boolean mayMove) {
    if (request.newPages() <= request.oldPages()) {
      if (!Pages.fit(data.layout(), request.addr(), request.oldPages())) {
        return Errno.EINVAL.result();
      }
      munmap.unmap(me, mm, request.tail());
      return request.addr();
    }
    var error = vmaToResize(mm, request);
    if (error.isPresent()) {
      return error.get().result();
    }
    var old = mm.vmaAt(request.from()).orElseThrow();
    int newEnd = request.from() + request.newPages();
    if (request.from() + request.oldPages() == old.vma().end()
        && newEnd <= data.layout().pages()
        && mm.isFree(old.vma().end(), newEnd)) {
      links.vmaExpand(mm, old, newEnd);
      return request.addr();
    }
    if (!mayMove || request.newPages() < 0) {
      return Errno.ENOMEM.result();
    }
    return mm.unmappedArea(request.newPages(), 1, data.layout())
        .map(at -> moveVma(me, mm, old, request.withNewAddress(Pages.address(at))))
        .orElse(Errno.ENOMEM.result());
  }

  @Models(file = "mm/mremap.c", function = "mremap_to", leavesOut = "MREMAP_DONTUNMAP")
  private long mremapTo(Current me, Mm mm, Request request) {
    return steps.call(
        "mremap_to",
        () -> {
          if (!Pages.isAligned(request.newAddr())
              || !Pages.fit(data.layout(), request.newAddr(), request.newPages())
              || overlap(request)) {
            return Errno.EINVAL.result();
          }
          munmap.unmap(
              me, mm, new Pages(request.to(), request.to() + request.newPages()));
          boolean shrinks = request.oldPages() > request.newPages();
          if (shrinks) {
            if (!Pages.fit(data.layout(), request.addr(), request.oldPages())) {
              return Errno.EINVAL.result();
            }
            munmap.unmap(me, mm, request.tail());
          }
          var rest = shrinks ? request.withOldPages(request.newPages()) : request;
          var error = vmaToResize(mm, rest);
          return error.isPresent()
              ? error.get().result()
              : moveVma(me, mm, mm.vmaAt(rest.from()).orElseThrow(), rest);
        });
  }

  private static boolean overlap(Request request) {
    return (long) request.from() + request.oldPages() > request.to()
        && (long) request.to() + request.newPages() > request.from();
  }

  /// What is wrong with moving or growing this much of one VMA, if anything.
  @Models(file = "mm/mremap.c", function = "vma_to_resize", leavesOut = "limits, mlock")
  private Optional<Errno> vmaToResize(Mm mm, Request request) {
    return steps.call(
        "vma_to_resize",
        () -> {
          var found = mm.vmaAt(request.from());
          if (found.isEmpty()) {
            return Optional.of(Errno.EFAULT);
          }
          var vma = found.get().vma();
          if (request.oldPages() == 0 && !vma.shared()) {
            return Optional.of(Errno.EINVAL);
          }
          return request.oldPages() > vma.end() - request.from()
              ? Optional.of(Errno.EFAULT)
              : Optional.<Errno>empty();
        });
  }

  /// Moves pages of one VMA to where nothing is mapped, as many as both lengths have; tells the new
  /// address.
  @Models(
      file = "mm/mremap.c",
      function = "move_vma",
      leavesOut = "moving back on failure, KSM, accounting")
  private long moveVma(Current me, Mm mm, VmaSlot old, Request request) {
    steps.run(
        "move_vma",
        () -> {
          var vma = old.vma();
          int from = request.from();
          int to = request.to();
          int pages = request.oldPages();
          var now =
              new Vma(
                  to, to + request.newPages(), vma.pageIndex(from), vma.file(), vma.flags());
          data.ground().moveBegins(mm.number(), from, to, pages);
          int slot = links.copyVma(mm, old, now);
          tables.movePageTables(
              me,
              new MovePageTables.Move(
                  mm.number(), vma, from, to, pages, slot < old.slot()));
          if (pages > 0) {
            munmap.doMunmap(me, mm, new Pages(from, from + pages));
          }
          data.ground().moveEnds(mm.number(), from, to, pages);
          if (request.newPages() > pages) {
            data.ground().mapped(mm.number(), now.withRange(to + pages, now.end()));
          }
        });
    return request.newAddr();
  }
}
