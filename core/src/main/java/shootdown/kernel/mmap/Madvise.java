package shootdown.kernel.mmap;

import static shootdown.kernel.mmap.MmanConstants.MADV_COLD;
import static shootdown.kernel.mmap.MmanConstants.MADV_COLLAPSE;
import static shootdown.kernel.mmap.MmanConstants.MADV_DOFORK;
import static shootdown.kernel.mmap.MmanConstants.MADV_DONTFORK;
import static shootdown.kernel.mmap.MmanConstants.MADV_DONTNEED;
import static shootdown.kernel.mmap.MmanConstants.MADV_DONTNEED_LOCKED;
import static shootdown.kernel.mmap.MmanConstants.MADV_FREE;
import static shootdown.kernel.mmap.MmanConstants.MADV_HUGEPAGE;
import static shootdown.kernel.mmap.MmanConstants.MADV_KEEPONFORK;
import static shootdown.kernel.mmap.MmanConstants.MADV_MERGEABLE;
import static shootdown.kernel.mmap.MmanConstants.MADV_NOHUGEPAGE;
import static shootdown.kernel.mmap.MmanConstants.MADV_NORMAL;
import static shootdown.kernel.mmap.MmanConstants.MADV_PAGEOUT;
import static shootdown.kernel.mmap.MmanConstants.MADV_POPULATE_READ;
import static shootdown.kernel.mmap.MmanConstants.MADV_POPULATE_WRITE;
import static shootdown.kernel.mmap.MmanConstants.MADV_REMOVE;
import static shootdown.kernel.mmap.MmanConstants.MADV_UNMERGEABLE;
import static shootdown.kernel.mmap.MmanConstants.MADV_WILLNEED;
import static shootdown.kernel.mmap.MmanConstants.MADV_WIPEONFORK;

import java.util.Optional;
import java.util.OptionalLong;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.khugepaged.Khugepaged;
import shootdown.kernel.pgtable.Zap;
import shootdown.kernel.reclaim.Reclaim;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// madvise(2).
final class Madvise {
  private final KernelData data;
  private final Steps steps;
  private final Zap zap;
  private final VmaLocks locks;
  private final MadviseVmaLock vmaLock;
  private final KnownAdvice knownAdvice;
  private final MadviseFree free;
  private final MadvisePageout pageout;
  private final MadviseFlags flags;
  private final MadvisePopulate populate;
  private final MadviseRemove remove;
  private final MadviseWillneed willneed;
  private final Khugepaged khugepaged;

  Madvise(
      KernelData data,
      Decisions decisions,
      MadviseFlags flags,
      Zap zap,
      Gup gup,
      Reclaim reclaim,
      Khugepaged khugepaged) {
    this.data = data;
    this.populate = new MadvisePopulate(data, decisions, gup);
    this.remove = new MadviseRemove(data, decisions, zap);
    this.willneed = new MadviseWillneed(data, decisions);
    this.steps = data.steps();
    this.zap = zap;
    this.vmaLock = decisions.get(MadviseVmaLock.class);
    this.locks = new VmaLocks(data, decisions);
    this.knownAdvice = decisions.get(KnownAdvice.class);
    var huge = new MadviseHuge(data, decisions, reclaim);
    this.free = new MadviseFree(data, decisions, huge);
    this.pageout = new MadvisePageout(data, decisions, reclaim, huge);
    this.flags = flags;
    this.khugepaged = khugepaged;
  }

  @Models(
      file = "mm/madvise.c",
      function = "do_madvise",
      leavesOut = "other advice")
  long madvise(Current me, long addr, long length, long advice) {
    long count = Pages.count(length);
    if (!isAdvice((int) advice)
        || !Pages.isAligned(addr)
        || length != 0 && count == 0
        || Pages.wraps(addr, count)) {
      return Errno.EINVAL.result();
    }
    if (count == 0) {
      return 0;
    }
    if (advice > MADV_DONTNEED && !isModelled(advice) && !MadviseFlags.isFor(advice)) {
      throw steps.fail(new Violation(Machine.LIMIT, "madvise() of advice " + advice));
    }
    var mm = data.mm(me.mm());
    var pages = Pages.at(data.layout(), addr, count);
    if (MadviseFlags.isFor(advice)) {
      mm.mmapLock().lock();
      long result = madviseWalkVmas(me, mm, pages, advice);
      locks.mmapWriteUnlock(mm);
      return result;
    }
    var done =
        vmaLock.suffices(advice) ? underVmaLock(me, mm, pages, advice) : OptionalLong.empty();
    if (done.isPresent()) {
      return done.getAsLong();
    }
    mm.mmapLock().readLock();
    long result =
        advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE
            ? populate.madvisePopulate(me, mm, pages, advice == MADV_POPULATE_WRITE)
            : madviseWalkVmas(me, mm, pages, advice);
    mm.mmapLock().readUnlock();
    return result;
  }

  /// Empty if the pages are not all of one VMA.
  private OptionalLong underVmaLock(Current me, Mm mm, Pages pages, long advice) {
    var found =
        pages.to() <= data.layout().pages()
            ? locks.tryVmaReadLock(mm, pages.from(), pages.to())
            : Optional.<VmaSlot>empty();
    if (found.isEmpty()) {
      return OptionalLong.empty();
    }
    var vma = found.get().vma();
    long result =
        isValidFor(vma, advice)
            ? madviseVmaBehavior(me, mm, vma, pages, advice)
            : Errno.EINVAL.result();
    locks.vmaEndRead(mm, pages.from());
    return OptionalLong.of(result);
  }

  /// What Linux knows, on a kernel without memory failure injection.
  @Models(file = "mm/madvise.c", function = "madvise_behavior_valid")
  private boolean isAdvice(int advice) {
    return advice >= MADV_NORMAL && advice <= MADV_DONTNEED
        || (isModelled(advice)
            ? knownAdvice.isKnown(advice) && (!isForHugePages(advice) || hasHugePages())
            : advice >= MADV_FREE && advice <= MADV_COLLAPSE);
  }

  private static boolean isForHugePages(long advice) {
    return advice == MADV_HUGEPAGE || advice == MADV_NOHUGEPAGE || advice == MADV_COLLAPSE;
  }

  private boolean hasHugePages() {
    return data.machine().profile().hugePages();
  }

  private static boolean isModelled(long advice) {
    return advice == MADV_FREE
        || advice == MADV_REMOVE
        || advice == MADV_DONTFORK
        || advice == MADV_DOFORK
        || advice == MADV_COLD
        || advice == MADV_PAGEOUT
        || isForHugePages(advice)
        || advice == MADV_MERGEABLE
        || advice == MADV_UNMERGEABLE
        || advice == MADV_WIPEONFORK
        || advice == MADV_KEEPONFORK
        || advice == MADV_DONTNEED_LOCKED
        || advice == MADV_POPULATE_READ
        || advice == MADV_POPULATE_WRITE;
  }

  /// Gaps are skipped, and make the call fail at its end.
  @Models(file = "mm/madvise.c", function = "madvise_walk_vmas")
  private long madviseWalkVmas(Current me, Mm mm, Pages pages, long advice) {
    record At(int vpn, boolean gap) {}
    return steps.loop(
        "vmas",
        new At(pages.from(), false),
        at -> {
          if (at.vpn() == pages.to()) {
            return Turn.done(at.gap() ? Errno.ENOMEM.result() : 0L);
          }
          var next = mm.firstOverlap(at.vpn(), pages.to());
          if (next.isEmpty()) {
            return Turn.done(Errno.ENOMEM.result());
          }
          var vma = next.get().vma();
          int from = Math.max(at.vpn(), vma.start());
          int to = Math.min(vma.end(), pages.to());
          if (!isValidFor(vma, advice)) {
            return Turn.done(Errno.EINVAL.result());
          }
          long error = madviseVmaBehavior(me, mm, vma, new Pages(from, to), advice);
          return error != 0
              ? Turn.done(error)
              : Turn.again(new At(to, at.gap() || from > at.vpn()));
        });
  }

  /// Whether the VMA takes the advice.
  @Models(file = "mm/madvise.c", function = "madvise_dontneed_free_valid_vma")
  @Models(file = "mm/madvise.c", function = "can_madv_lru_vma")
  private static boolean isValidFor(Vma vma, long advice) {
    if (advice == MADV_WIPEONFORK) {
      return vma.anonymous();
    }
    if (advice < MADV_DONTNEED
        || MadviseFlags.isFor(advice)
        || advice == MADV_COLLAPSE
        || advice == MADV_DONTNEED_LOCKED
        || advice == MADV_REMOVE) {
      return true;
    }
    return !vma.has(Vma.VM_LOCKED) && (advice != MADV_FREE || vma.anonymous());
  }

  @Models(file = "mm/madvise.c", function = "madvise_vma_behavior")
  private long madviseVmaBehavior(Current me, Mm mm, Vma vma, Pages pages, long advice) {
    if (advice == MADV_DONTNEED || advice == MADV_DONTNEED_LOCKED) {
      madviseDontneedSingleVma(me, mm, vma, pages);
    } else if (advice == MADV_FREE) {
      free.madviseFreeSingleVma(me, mm, pages);
    } else if (advice == MADV_COLD) {
      pageout.madviseCold(me, mm, pages);
    } else if (advice == MADV_PAGEOUT) {
      pageout.madvisePageout(me, mm, pages);
    } else if (advice == MADV_REMOVE) {
      return remove.madviseRemove(me, mm, vma, pages);
    } else if (advice == MADV_WILLNEED) {
      return willneed.madviseWillneed(mm, vma, pages);
    } else if (MadviseFlags.isFor(advice)) {
      flags.madviseUpdateVma(me, mm, pages, advice);
    } else if (advice == MADV_COLLAPSE) {
      return khugepaged.madviseCollapse(me, mm, vma, pages.from(), pages.to());
    }
    return 0;
  }

  @Models(file = "mm/madvise.c", function = "madvise_dontneed_single_vma")
  private void madviseDontneedSingleVma(Current me, Mm mm, Vma vma, Pages pages) {
    if (!vma.shared()) {
      data.ground().discardBegins(mm.number(), pages.from(), pages.to());
    }
    zap.zapPageRangeSingle(
        me, mm.number(), pages.from(), pages.to(), Zap.Details.RECLAIM_PT);
    if (!vma.shared()) {
      data.ground().discardEnds(mm.number(), pages.from(), pages.to());
    }
  }
}
