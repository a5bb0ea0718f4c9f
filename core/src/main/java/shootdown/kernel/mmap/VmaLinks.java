package shootdown.kernel.mmap;

import java.util.function.Supplier;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.sched.Steps;

/// Changes to the VMAs of an address space. The caller holds its mmap_lock for writing; what walks
/// the VMAs without it holds i_mmap_rwsem, anon_vma or a VMA's own lock, and these are taken here.
/// A VMA is locked before it comes into the tree (copy_vma() since v6.4, all since v6.6,
/// ad9f006351e1; what v6.4 changes of a new VMA later, nobody sees here).
final class VmaLinks {
  private final KernelData data;
  private final Steps steps;
  private final SplitHugePmd splitPmd;
  private final VmaLocks locks;

  VmaLinks(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.splitPmd = new SplitHugePmd(data, decisions);
    this.locks = new VmaLocks(data, decisions);
  }

  /// Takes the locks of rmap walks that may meet the VMA.
  @Models(file = "mm/mremap.c", function = "take_rmap_locks")
  void takeRmapLocks(Vma vma) {
    if (!vma.anonymous()) {
      data.file(vma.file()).mmapRwsem().lock();
    }
    if (vma.has(Vma.VM_ANON_VMA)) {
      data.anonVmas().lock(vma.anonVma()).lock();
    }
  }

  @Models(file = "mm/mremap.c", function = "drop_rmap_locks")
  void dropRmapLocks(Vma vma) {
    if (vma.has(Vma.VM_ANON_VMA)) {
      data.anonVmas().lock(vma.anonVma()).unlock();
    }
    if (!vma.anonymous()) {
      data.file(vma.file()).mmapRwsem().unlock();
    }
  }

  /// Changes the trees that a VMA is in, or is to be in; tells what `how` tells. The tree of the
  /// address space knows its lock (mt_set_external_lock()), and lib/maple_tree.c has lockdep look
  /// whether it is held, since v6.1-rc1.
  private <T> T changeTrees(Mm mm, Vma vma, Supplier<T> how) {
    mm.mmapLock().assertHeldExclusively();
    takeRmapLocks(vma);
    T told = mm.vmas().change(() -> changeFileTree(vma, () -> changeAnonTree(vma, how)));
    dropRmapLocks(vma);
    return told;
  }

  private <T> T changeFileTree(Vma vma, Supplier<T> how) {
    return vma.anonymous() ? how.get() : data.file(vma.file()).mappings().change(how);
  }

  private <T> T changeAnonTree(Vma vma, Supplier<T> how) {
    return vma.has(Vma.VM_ANON_VMA) ? data.anonVmas().tree(vma.anonVma()).change(how) : how.get();
  }

  /// Links a VMA of a child, as fork() does.
  void link(Mm mm, Vma vma) {
    changeTrees(mm, vma, () -> mm.insert(vma));
  }

  /// Links a new VMA, whose pages count as mapped from then on.
  @Models(file = "mm/vma.c", function = "vma_link")
  void vmaLink(Mm mm, Vma vma) {
    steps.run(
        "vma_link",
        () -> {
          locks.vmaStartWrite(mm, vma);
          locks.vmaAssertWriteLocked(mm, vma); // vma_mark_attached(), since v6.15
          changeTrees(
              mm,
              vma,
              () ->
                  steps.atomically(
                      "link",
                      () -> {
                        data.ground().mapped(mm.number(), vma);
                        return mm.insert(vma);
                      }));
        });
  }

  /// Links a VMA to which pages of `old` are about to move, or makes a neighbour larger that it
  /// continues; tells its slot. Rmap walks visit it after `old` if its slot is the higher one.
  @Models(file = "mm/vma.c", function = "copy_vma", leavesOut = "merging with both neighbours")
  int copyVma(Mm mm, VmaSlot old, Vma vma) {
    return steps.call(
        "copy_vma",
        () -> {
          var left = mm.vmaAt(vma.start() - 1).filter(l -> l.vma().continuesIn(vma));
          left.ifPresent(l -> locks.vmaStartWrite(mm, l.vma()));
          locks.vmaStartWrite(mm, vma);
          return changeTrees(
              mm,
              vma,
              () ->
                  left.map(l -> grow(mm, l, vma.end()))
                      .orElseGet(() -> mm.insertAfter(old.slot(), vma)));
        });
  }

  private static int grow(Mm mm, VmaSlot found, int end) {
    mm.resize(found.slot(), found.vma(), found.vma().start(), end);
    return found.slot();
  }

  /// Lets rmap walks visit a VMA after the one in slot `source`; tells its slot.
  @Models(file = "mm/rmap.c", function = "anon_vma_moveto_tail")
  int anonVmaMovetoTail(Mm mm, int slot, int source) {
    return steps.call(
        "anon_vma_moveto_tail",
        () -> {
          var vma = mm.at(slot).orElseThrow();
          takeRmapLocks(vma);
          mm.remove(slot, vma);
          int now = mm.insertAfter(source, vma);
          dropRmapLocks(vma);
          return now;
        });
  }

  /// Grows a VMA at its end; the new pages count as mapped from then on. What begins there becomes
  /// part of it, if nothing but the border tells the two apart.
  @Models(file = "mm/vma.c", function = "vma_expand")
  void vmaExpand(Mm mm, VmaSlot old, int newEnd) {
    var vma = old.vma();
    steps.run(
        "vma_expand",
        () -> {
          var grown = vma.withRange(vma.start(), newEnd);
          var next = mm.vmaAt(newEnd).filter(n -> grown.continuesIn(n.vma()));
          locks.vmaStartWrite(mm, grown);
          next.ifPresent(n -> locks.vmaStartWrite(mm, n.vma()));
          next.ifPresent(n -> locks.vmaAssertWriteLocked(mm, n.vma())); // vma_mark_detached()
          changeTrees(
              mm,
              vma,
              () ->
                  steps.atomically(
                      "expand",
                      () -> {
                        next.ifPresent(n -> mm.remove(n.slot(), n.vma()));
                        int end = next.map(n -> n.vma().end()).orElse(newEnd);
                        mm.resize(old.slot(), vma, vma.start(), end);
                        data.ground().mapped(mm.number(), vma.withRange(vma.end(), newEnd));
                        return true;
                      }));
        });
  }

  /// Splits the VMA that has page `at` inside of it, if there is one: none crosses it then.
  @Models(file = "mm/vma.c", function = "__split_vma")
  void splitVma(Current me, Mm mm, int at) {
    steps.run(
        "split_vma",
        () ->
            mm.vmaAt(at)
                .filter(found -> found.vma().start() < at)
                .ifPresent(found -> split(me, mm, found, at)));
  }

  private void split(Current me, Mm mm, VmaSlot found, int at) {
    var vma = found.vma();
    locks.vmaStartWrite(mm, vma);
    vmaAdjustTransHuge(me, mm, at);
    changeTrees(
        mm,
        vma,
        () -> {
          mm.resize(found.slot(), vma, vma.start(), at);
          return mm.insert(vma.withRange(at, vma.end()));
        });
  }

  /// No huge page reaches over the end of a VMA. Before the rmap locks are taken, as until v6.2;
  /// nobody makes a huge page there meanwhile, as mmap_lock is held for writing.
  @Models(file = "mm/huge_memory.c", function = "vma_adjust_trans_huge")
  private void vmaAdjustTransHuge(Current me, Mm mm, int at) {
    if (data.layout().hasHugePages()) {
      splitPmd.splitHugePmdIfNeeded(me, mm.number(), at);
    }
  }

  /// Makes one of the two VMAs that meet at page `at`, if nothing but the border tells them apart.
  @Models(
      file = "mm/vma.c",
      function = "vma_merge_new_range",
      leavesOut = "that anonymous VMAs merge only if they have the same anon_vma, or one has none")
  void mergeAt(Mm mm, int at) {
    steps.run(
        "vma_merge",
        () ->
            mm.vmaAt(at)
                .filter(right -> right.vma().start() == at)
                .ifPresent(
                    right ->
                        mm.vmaAt(at - 1)
                            .filter(left -> left.vma().continuesIn(right.vma()))
                            .ifPresent(left -> merge(mm, left, right))));
  }

  /// Makes the VMA of these pages larger by the one behind, if that has the flags which this one is
  /// about to get, and the one before has not: cases 3 and 8 of `vma_merge()`.
  void mergeNextFirst(Mm mm, Pages pages, long flags) {
    steps.run(
        "vma_merge",
        () -> {
          var area = mm.vmaAt(pages.from()).orElseThrow();
          var soon = area.vma().withFlags(flags);
          boolean leftIsSame =
              mm.vmaAt(pages.from() - 1).filter(left -> left.vma().continuesIn(soon)).isPresent();
          if (area.vma().end() == pages.to() && !leftIsSame) {
            mm.vmaAt(pages.to())
                .filter(right -> soon.continuesIn(right.vma()))
                .ifPresent(right -> merge(mm, area, right));
          }
        });
  }

  private void merge(Mm mm, VmaSlot left, VmaSlot right) {
    locks.vmaStartWrite(mm, left.vma());
    locks.vmaStartWrite(mm, right.vma());
    locks.vmaAssertWriteLocked(mm, right.vma()); // vma_mark_detached(), since v6.4
    changeTrees(
        mm,
        left.vma(),
        () -> {
          mm.remove(right.slot(), right.vma());
          mm.resize(left.slot(), left.vma(), left.vma().start(), right.vma().end());
          return true;
        });
  }

  /// Changes the flags of a whole VMA. Rmap walks are not locked out: they may see either.
  /// mmap_assert_write_locked(), since v6.3-rc1; vma_assert_write_locked(), since 60081bf19b0e
  /// (v6.6-rc1), before which it locked the VMA itself.
  @Models(file = "include/linux/mm.h", function = "vm_flags_reset")
  void vmFlagsReset(Mm mm, VmaSlot old, long flags) {
    mm.mmapLock().assertHeldExclusively();
    locks.vmaStartWrite(mm, old.vma());
    locks.vmaAssertWriteLocked(mm, old.vma());
    mm.update(old.slot(), old.vma().withFlags(flags));
  }

  /// Unlinks a VMA that is locked; no rmap walk that holds a lock of it is under way then, and none
  /// will find it.
  @Models(file = "mm/rmap.c", function = "unlink_anon_vmas")
  @Models(file = "mm/vma.c", function = "unlink_file_vma_batch_process")
  void unlink(Mm mm, VmaSlot found) {
    locks.vmaAssertWriteLocked(mm, found.vma()); // vma_mark_detached()
    changeTrees(
        mm,
        found.vma(),
        () -> {
          mm.remove(found.slot(), found.vma());
          return true;
        });
  }
}
