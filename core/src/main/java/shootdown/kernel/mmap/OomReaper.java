package shootdown.kernel.mmap;

import java.util.function.Consumer;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.OomReap;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.kernel.pgtable.Zap;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// The OOM killer's victim: its threads have SIGKILL, and go on until they notice; meanwhile its
/// private memory is taken away.
final class OomReaper {
  private final KernelData data;
  private final Steps steps;
  private final Zap zap;
  private final TlbGather gather;
  private final OomReap reap;

  OomReaper(KernelData data, Decisions decisions, Zap zap) {
    this.data = data;
    this.steps = data.steps();
    this.zap = zap;
    this.gather = new TlbGather(data, decisions);
    this.reap = decisions.get(OomReap.class);
  }

  /// Kills and reaps. The signal comes while mmap_lock is held: to a fork() it comes before or
  /// after, and in the midst of one it would end that before anybody saw the child.
  @Models(
      file = "mm/oom_kill.c",
      function = "oom_reap_task",
      leavesOut = "who is killed, and when; giving up after some tries to get mmap_lock")
  void oomReap(Current me, Mm mm) {
    steps.run(
        "oom_reap_task",
        () -> {
          mm.mmapLock().readLock();
          mm.killed().write(1); // with siglock held
          if (reap != OomReap.NONE) {
            oomReapTaskMm(me, mm);
          }
          mm.mmapLock().readUnlock();
        });
  }

  @Models(
      file = "mm/oom_kill.c",
      function = "__oom_reap_task_mm",
      leavesOut = "MMU notifiers, hugetlb; that releases before v5.18 spare locked VMAs; the order")
  private void oomReapTaskMm(Current me, Mm mm) {
    steps.run(
        "__oom_reap_task_mm",
        () -> {
          mm.unstable().set(1);
          if (reap == OomReap.EACH_VMA) {
            eachPrivate(mm, vma -> reapVma(me, mm, vma));
          } else {
            reapWhole(me, mm);
          }
        });
  }

  private void reapVma(Current me, Mm mm, Vma vma) {
    data.ground().discardBegins(mm.number(), vma.start(), vma.end());
    zap.zapPageRangeSingle(me, mm.number(), vma.start(), vma.end(), Zap.Details.NONE);
    data.ground().discardEnds(mm.number(), vma.start(), vma.end());
  }

  private void reapWhole(Current me, Mm mm) {
    eachPrivate(
        mm, vma -> data.ground().discardBegins(mm.number(), vma.start(), vma.end()));
    gather.tlbFinishFullmm(me, zapAll(me, mm, gather.tlbGatherMmu(mm.number())));
    eachPrivate(
        mm, vma -> data.ground().discardEnds(mm.number(), vma.start(), vma.end()));
  }

  private MmuGather zapAll(Current me, Mm mm, MmuGather start) {
    record At(int vpn, MmuGather tlb) {}
    return steps.loop(
        "vmas",
        new At(0, start),
        at -> {
          var next = mm.firstOverlap(at.vpn(), data.layout().pages());
          if (next.isEmpty()) {
            return Turn.done(at.tlb());
          }
          var vma = next.get().vma();
          return Turn.again(
              new At(
                  vma.end(),
                  vma.shared()
                      ? at.tlb()
                      : zap.unmapPageRange(
                          me, at.tlb(), vma.start(), vma.end(), Zap.Details.NONE)));
        });
  }

  private void eachPrivate(Mm mm, Consumer<Vma> action) {
    steps.loop(
        "vmas",
        0,
        at -> {
          var next = mm.firstOverlap(at, data.layout().pages());
          if (next.isEmpty()) {
            return Turn.done(true);
          }
          var vma = next.get().vma();
          if (!vma.shared()) {
            action.accept(vma);
          }
          return Turn.again(vma.end());
        });
  }
}
