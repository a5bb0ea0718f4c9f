package shootdown.kernel.mmap;

import static shootdown.kernel.mmap.MmanConstants.PROT_EXEC;
import static shootdown.kernel.mmap.MmanConstants.PROT_READ;
import static shootdown.kernel.mmap.MmanConstants.PROT_SEM;
import static shootdown.kernel.mmap.MmanConstants.PROT_WRITE;

import java.util.function.BiFunction;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// mprotect(2).
final class Mprotect {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final VmaLocks locks;
  private final ChangeProtection change;
  private final TlbGather gather;
  private final MprotectFlush flush;
  private final MergeFlags mergeFlags;
  private final MprotectLocked locked;
  private final MprotectNext next;
  private final Populate populate;

  Mprotect(KernelData data, Decisions decisions, VmaLinks links, Populate populate) {
    this.populate = populate;
    this.locked = decisions.get(MprotectLocked.class);
    this.next = decisions.get(MprotectNext.class);
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.locks = new VmaLocks(data, decisions);
    this.flush = decisions.get(MprotectFlush.class);
    this.mergeFlags = decisions.get(MergeFlags.class);
    this.change = new ChangeProtection(data, decisions);
    this.gather = new TlbGather(data, decisions);
  }

  @Models(file = "mm/mprotect.c", function = "do_mprotect_pkey", leavesOut = "protection keys")
  long mprotect(Current me, long addr, long length, long prot) {
    if (!Pages.isAligned(addr)) {
      return Errno.EINVAL.result();
    }
    if (length == 0) {
      return 0;
    }
    long count = Pages.count(length);
    if (count == 0 || Pages.wraps(addr, count)) {
      return Errno.ENOMEM.result();
    }
    if ((prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM)) != 0) {
      return Errno.EINVAL.result();
    }
    var mm = data.mm(me.mm());
    mm.mmapLock().lock();
    var wanted = Pages.at(data.layout(), addr, count);
    var mapped = new Pages(wanted.from(), endOfMapped(mm, wanted));
    int end =
        mapped.isEmpty()
            ? mapped.from()
            : protect(me, mm, mapped, Mmap.calcVmProtBits(prot));
    locks.mmapWriteUnlock(mm);
    return end < wanted.to() ? Errno.ENOMEM.result() : 0;
  }

  /// Linux changes what comes before the first gap, and fails there.
  private int endOfMapped(Mm mm, Pages pages) {
    return steps.loop(
        "vmas",
        pages.from(),
        at -> {
          if (at >= pages.to()) {
            return Turn.done(pages.to());
          }
          var vma = mm.vmaAt(at);
          return vma.isEmpty() ? Turn.done(at) : Turn.again(vma.get().vma().end());
        });
  }

  /// Tells where it ended: at a gap, or what it takes for one.
  private int protect(Current me, Mm mm, Pages pages, long rights) {
    boolean writable = (rights & Vma.VM_WRITE) != 0;
    boolean readable = rights != 0;
    data.ground().protectBegins(mm.number(), pages.from(), pages.to(), writable, readable);
    boolean gathered = flush == MprotectFlush.GATHERED;
    var start =
        gathered ? gather.tlbGatherMmu(mm.number()) : MmuGather.of(mm.number());
    var ended =
        eachVma(
            mm,
            pages,
            start,
            (tlb, part) ->
                gathered
                    ? mprotectFixup(me, mm, tlb, part, rights)
                    : fixupAndFlush(me, mm, tlb, part, rights));
    if (gathered) {
      gather.tlbFinishMmu(me, ended.tlb(), pages.from(), pages.to());
    }
    data.ground().protectEnds(mm.number(), pages.from(), ended.vpn(), writable, readable);
    return ended.vpn();
  }

  /// How far it is.
  private record At(int vpn, MmuGather tlb) {}

  private At eachVma(
      Mm mm, Pages pages, MmuGather start, BiFunction<MmuGather, Pages, MmuGather> body) {
    return steps.loop(
        "vmas",
        new At(pages.from(), start),
        at -> {
          if (at.vpn() == pages.to()) {
            return Turn.done(at);
          }
          int end = Math.min(mm.vmaAt(at.vpn()).orElseThrow().vma().end(), pages.to());
          var after = new At(end, body.apply(at.tlb(), new Pages(at.vpn(), end)));
          return next == MprotectNext.AFTER_OLD && takesForGap(mm, end, pages.to())
              ? Turn.done(after)
              : Turn.again(after);
        });
  }

  /// Whether what was before page `at` is one VMA with what comes then, and yet another one
  /// follows.
  private static boolean takesForGap(Mm mm, int at, int to) {
    var merged = mm.vmaAt(at - 1).orElseThrow().vma();
    return merged.end() > at && merged.end() < to;
  }

  /// As releases before v5.19 do it; tells that nothing is left to be flushed.
  @Models(file = "mm/mprotect.c", function = "change_protection_range")
  private MmuGather fixupAndFlush(
      Current me, Mm mm, MmuGather tlb, Pages pages, long rights) {
    gather.incTlbFlushPending(mm.number());
    var changed = mprotectFixup(me, mm, tlb, pages, rights);
    if (!changed.isFlushed()) {
      gather.tlbFlushMmuTlbonly(me, changed.withPages(pages.from(), pages.to()));
    }
    gather.decTlbFlushPending(mm.number());
    return tlb;
  }

  /// Changes pages of one VMA.
  @Models(file = "mm/mprotect.c", function = "mprotect_fixup", leavesOut = "accounting")
  private MmuGather mprotectFixup(
      Current me, Mm mm, MmuGather tlb, Pages pages, long rights) {
    return steps.call(
        "mprotect_fixup",
        () -> {
          long old = mm.vmaAt(pages.from()).orElseThrow().vma().flags();
          long flags = old & ~(Vma.VM_READ | Vma.VM_WRITE) | rights;
          if (flags == old) {
            return tlb;
          }
          links.splitVma(me, mm, pages.from());
          links.splitVma(me, mm, pages.to());
          if (mergeFlags == MergeFlags.LATER) {
            links.mergeNextFirst(mm, pages, flags);
          }
          var slot = mm.vmaAt(pages.from()).orElseThrow();
          links.vmFlagsReset(mm, slot, flags);
          var changed = change.changeProtection(me, tlb, slot.vma().withFlags(flags), pages);
          if (locked == MprotectLocked.AT_ONCE && becomesWritable(old, flags)) {
            populate.populateVmaPageRange(me, mm, pages);
          }
          links.mergeAt(mm, pages.from());
          links.mergeAt(mm, pages.to());
          return changed;
        });
  }

  /// Of a locked private VMA.
  private static boolean becomesWritable(long old, long flags) {
    long asked = Vma.VM_WRITE | Vma.VM_SHARED | Vma.VM_LOCKED;
    return (old & asked) == Vma.VM_LOCKED && (flags & Vma.VM_WRITE) != 0;
  }
}
