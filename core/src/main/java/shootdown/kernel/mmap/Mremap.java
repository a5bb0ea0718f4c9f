package shootdown.kernel.mmap;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.ksm.BreakKsm;
import shootdown.machine.Machine;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// mremap(2).
///
/// ```text
///                 | new length smaller      | same                | larger
/// ----------------+-------------------------+---------------------+-------------------------------
/// MREMAP_FIXED    | unmap the target; unmap the tail, or grow; move
/// else            | unmap the tail          | nothing             | grow in place if there is room
/// MREMAP_MAYMOVE  |                         |                     | else move to where there is
/// ```
///
/// MREMAP_DONTUNMAP moves what is mapped, and leaves the mapping where it was, with nothing in it.
final class Mremap {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final VmaLocks locks;
  private final Munmap munmap;
  private final MovePageTables tables;
  private final MremapSeveral several;
  private final MoveRmapLocks rmapLocks;
  private final DontUnmap dontUnmap;
  private final MremapInside inside;
  private final MremapNewAddress newAddress;
  private final BreakKsm breakKsm;

  Mremap(
      KernelData data,
      Decisions decisions,
      VmaLinks links,
      Munmap munmap,
      BreakKsm breakKsm) {
    this.breakKsm = breakKsm;
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.locks = new VmaLocks(data, decisions);
    this.munmap = munmap;
    this.tables = new MovePageTables(data, links, decisions);
    this.several = decisions.get(MremapSeveral.class);
    this.rmapLocks = decisions.get(MoveRmapLocks.class);
    this.dontUnmap = decisions.get(DontUnmap.class);
    this.inside = decisions.get(MremapInside.class);
    this.newAddress = decisions.get(MremapNewAddress.class);
  }

  /// One VMA's part of the call; every page is one that the test's machine has.
  ///
  /// @param from first page
  /// @param oldPages pages that are there
  /// @param newPages pages that shall be there
  /// @param to first page of the target
  /// @param source what becomes of the old pages
  private record Move(int from, int oldPages, int newPages, int to, Source source) {}

  private enum Source {
    UNMAPPED,
    /// mapped as before, and empty: MREMAP_DONTUNMAP
    EMPTIED
  }

  @Models(
      file = "mm/mremap.c",
      function = "do_mremap",
      leavesOut = "hugetlb, mlock, sealed mappings")
  long mremap(Current me, long addr, long oldLength, long newLength, long flags, long newAddr) {
    var asked =
        new MremapArguments(
            addr, Pages.count(oldLength), Pages.count(newLength), flags, newAddr);
    var mistake = asked.mistake(newAddress);
    if (mistake.isPresent()) {
      return mistake.get().result();
    }
    var mm = data.mm(me.mm());
    mm.mmapLock().lock();
    long result = locked(me, mm, asked);
    locks.mmapWriteUnlock(mm);
    return result;
  }

  private long locked(Current me, Mm mm, MremapArguments asked) {
    if (asked.fixed() && asked.oldPages() == asked.newPages() && several.moves()) {
      return remapMove(me, mm, asked);
    }
    int from = firstPage(asked.addr());
    if (mm.vmaAt(from).isEmpty()) {
      return Errno.EFAULT.result();
    }
    if (!asked.fixed()) {
      return asked.dontUnmap()
          ? mremapTo(me, mm, asked, 0)
          : mremapAt(me, mm, asked, from);
    }
    var early =
        several.moves()
            ? remapIsValid(mm, asked, from, Math.min(asked.oldPages(), asked.newPages()))
            : Optional.<Errno>empty();
    return early.isPresent()
        ? early.get().result()
        : mremapTo(me, mm, asked, firstPage(asked.newAddr()));
  }

  private int firstPage(long address) {
    return Pages.at(data.layout(), address, 0).from();
  }

  /// Moves each VMA, or part of one, of the old range to its place in the new one.
  @Models(file = "mm/mremap.c", function = "remap_move", leavesOut = "userfaultfd")
  private long remapMove(Current me, Mm mm, MremapArguments asked) {
    var old = Pages.at(data.layout(), asked.addr(), asked.oldPages()).within(data.layout());
    int to = firstPage(asked.newAddr());
    if (mm.vmaAt(old.from()).isEmpty()) {
      return Errno.EFAULT.result();
    }
    return steps.loop(
        "remap_move",
        old.from(),
        at -> {
          // with MREMAP_DONTUNMAP the VMA is still there, and may reach beyond the range
          var next = at < old.to() ? mm.firstOverlap(at, old.to()) : Optional.<VmaSlot>empty();
          if (next.isEmpty()) {
            return Turn.done(asked.newAddr());
          }
          var vma = next.get().vma();
          int from = Math.max(at, vma.start());
          int end = Math.min(vma.end(), old.to());
          var part =
              new MremapArguments(
                  Pages.address(from),
                  end - from,
                  end - from,
                  asked.flags(),
                  asked.newAddr() + Pages.address(from - old.from()));
          long moved = mremapTo(me, mm, part, to + from - old.from());
          return moved < 0 ? Turn.done(moved) : Turn.again(end);
        });
  }

  @Models(file = "mm/mremap.c", function = "mremap_at")
  private long mremapAt(Current me, Mm mm, MremapArguments asked, int from) {
    if (asked.newPages() <= asked.oldPages()) {
      return shrinkVma(me, mm, asked) ? asked.addr() : Errno.EINVAL.result();
    }
    var error = remapIsValid(mm, asked, from, asked.oldPages());
    if (error.isPresent()) {
      return error.get().result();
    }
    var old = mm.vmaAt(from).orElseThrow();
    if (canExpandInPlace(mm, old, asked, from)) {
      if (inside == MremapInside.WRONG_OFFSET && from != old.vma().start()) {
        return Errno.ENOMEM.result();
      }
      links.vmaExpand(mm, old, from + (int) asked.newPages());
      return asked.addr();
    }
    if (!asked.mayMove()) {
      return Errno.ENOMEM.result();
    }
    int pages = (int) Math.min(asked.newPages(), data.layout().pages());
    var at = mm.unmappedArea(pages, 1, data.layout());
    if (at.isEmpty()) {
      throw steps.fail(noRoom());
    }
    return moveVma(
        me, mm, old, new Move(from, (int) asked.oldPages(), pages, at.get(), Source.UNMAPPED));
  }

  private static Violation noRoom() {
    return new Violation(Machine.LIMIT, "no address space left for what mremap() moves");
  }

  /// Whether nothing is mapped behind the VMA where it would grow. Address space that the test
  /// reserved is for those that are mapped in it.
  @Models(file = "mm/mremap.c", function = "vma_expandable")
  private boolean canExpandInPlace(Mm mm, VmaSlot old, MremapArguments asked, int from) {
    long newEnd = from + asked.newPages();
    int end = old.vma().end();
    return from + asked.oldPages() == end
        && newEnd <= data.layout().pages()
        && mm.firstOverlap(end, (int) newEnd).isEmpty()
        && mm.sameReservation(old.vma().start(), end, (int) newEnd);
  }

  /// Unmaps what the new length leaves over; false if that reaches beyond user space.
  @Models(file = "mm/mremap.c", function = "shrink_vma")
  private boolean shrinkVma(Current me, Mm mm, MremapArguments asked) {
    if (!Pages.fit(asked.addr(), asked.oldPages())) {
      return false;
    }
    long tail = asked.addr() + Pages.bytes(asked.newPages());
    munmap.unmap(
        me, mm, Pages.at(data.layout(), tail, asked.oldPages() - asked.newPages()));
    return true;
  }

  /// @param to first page of the target, which [MremapArguments#mistake] found nothing wrong with;
  ///     of no meaning without MREMAP_FIXED
  @Models(file = "mm/mremap.c", function = "mremap_to")
  private long mremapTo(Current me, Mm mm, MremapArguments asked, int to) {
    return steps.call(
        "mremap_to",
        () -> {
          if (!asked.fixed()) {
            return mremapToAnywhere(me, mm, asked);
          }
          munmap.unmap(me, mm, Pages.at(data.layout(), asked.newAddr(), asked.newPages()));
          if (several.moves() && mm.vmaAt(firstPage(asked.addr())).isEmpty()) {
            return Errno.EFAULT.result(); // the target was where the source is
          }
          boolean shrinks = asked.oldPages() > asked.newPages();
          if (shrinks && !shrinkVma(me, mm, asked)) {
            return Errno.EINVAL.result();
          }
          int from = firstPage(asked.addr());
          long pages = shrinks ? asked.newPages() : asked.oldPages();
          var error = remapIsValid(mm, asked, from, pages);
          if (error.isPresent()) {
            return error.get().result();
          }
          if (asked.newAddr() == 0) {
            return Errno.EPERM.result(); // mmap_min_addr
          }
          if (!Pages.modelled(data.layout(), asked.newAddr(), asked.newPages())) {
            throw steps.fail(noRoom());
          }
          var move = new Move(from, (int) pages, (int) asked.newPages(), to, source(asked));
          return moveVma(me, mm, mm.vmaAt(from).orElseThrow(), move);
        });
  }

  private static Source source(MremapArguments asked) {
    return asked.dontUnmap() ? Source.EMPTIED : Source.UNMAPPED;
  }

  /// MREMAP_DONTUNMAP alone: the new address is a hint.
  private long mremapToAnywhere(Current me, Mm mm, MremapArguments asked) {
    int from = firstPage(asked.addr());
    var error = remapIsValid(mm, asked, from, asked.oldPages());
    if (error.isPresent()) {
      return error.get().result();
    }
    int pages = (int) asked.newPages();
    boolean isFree =
        asked.newAddr() != 0
            && Pages.modelled(data.layout(), asked.newAddr(), pages)
            && mm.firstOverlap(
                    firstPage(asked.newAddr()), firstPage(asked.newAddr()) + pages)
                .isEmpty();
    var at =
        isFree
            ? Optional.of(firstPage(asked.newAddr()))
            : mm.unmappedArea(pages, 1, data.layout());
    if (at.isEmpty()) {
      throw steps.fail(noRoom());
    }
    return moveVma(
        me,
        mm,
        mm.vmaAt(from).orElseThrow(),
        new Move(from, pages, pages, at.get(), Source.EMPTIED));
  }

  /// What is wrong with moving or growing this much of one VMA, if anything.
  @Models(file = "mm/mremap.c", function = "remap_is_valid", leavesOut = "limits, mlock")
  private Optional<Errno> remapIsValid(Mm mm, MremapArguments asked, int from, long pages) {
    return steps.call(
        "remap_is_valid",
        () -> {
          var found = mm.vmaAt(from);
          if (found.isEmpty()) {
            return Optional.of(Errno.EFAULT);
          }
          var vma = found.get().vma();
          boolean forbidden = asked.dontUnmap() && !dontUnmap.allows(vma);
          if (pages == 0 && !vma.shared() || forbidden) {
            return Optional.of(Errno.EINVAL);
          }
          return pages > vma.end() - from ? Optional.of(Errno.EFAULT) : Optional.<Errno>empty();
        });
  }

  /// Moves pages of one VMA to where nothing is mapped, as many as both lengths have; tells the new
  /// address.
  @Models(
      file = "mm/mremap.c",
      function = "move_vma",
      leavesOut = "moving back on failure, accounting")
  private long moveVma(Current me, Mm mm, VmaSlot old, Move move) {
    steps.run(
        "move_vma",
        () -> {
          var vma = old.vma();
          int from = move.from();
          int to = move.to();
          int pages = move.oldPages();
          locks.vmaStartWrite(mm, vma);
          if (vma.has(Vma.VM_MERGEABLE)) { // KSM's places do not move
            breakKsm.unmergeKsmPages(me, mm, from, from + pages);
          }
          var now =
              new Vma(
                  to,
                  to + move.newPages(),
                  vma.pageIndex(from),
                  vma.file(),
                  vma.flags() & ~Vma.VM_UFFD); // mremap_userfaultfd_prep()
          data.ground().moveBegins(mm.number(), from, to, pages);
          int slot = copyVma(mm, old, now);
          tables.movePageTables(
              me,
              new MovePageTables.Move(
                  mm.number(), vma, from, to, pages, slot < old.slot()));
          if (pages > 0 && move.source() == Source.UNMAPPED) {
            munmap.doMunmap(me, mm, new Pages(from, from + pages));
          }
          data.ground().moveEnds(mm.number(), from, to, pages);
          if (move.source() == Source.EMPTIED) {
            data.ground().mapped(mm.number(), vma.withRange(from, from + pages));
          }
          if (move.newPages() > pages) {
            data.ground().mapped(mm.number(), now.withRange(to + pages, now.end()));
          }
          links.mergeAt(mm, to);
          links.mergeAt(mm, to + move.newPages());
        });
    return Pages.address(move.to());
  }

  private int copyVma(Mm mm, VmaSlot old, Vma now) {
    int slot = links.copyVma(mm, old, now);
    return slot < old.slot() && rmapLocks.movesToTail()
        ? links.anonVmaMovetoTail(mm, slot, old.slot())
        : slot;
  }
}
