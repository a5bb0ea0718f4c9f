package shootdown.kernel.vmalock;

import java.util.Optional;
import java.util.function.Predicate;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Mutation;
import shootdown.sched.Steps;

/// The locks of VMAs. Where a release or a machine has none, nothing is locked, and whoever asks
/// for a VMA's lock is told to take mmap_lock.
///
/// A VMA that is locked for writing stays so until mmap_lock is released: Linux compares
/// `vm_lock_seq` with `mm_lock_seq`, which counts releases. Here the locks are held, and released
/// one by one; who waits for one of them sees no difference.
public final class VmaLocks {
  private final KernelData data;
  private final Steps steps;
  private final boolean on;
  private final VmaLockFaults faults;

  public VmaLocks(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.on = decisions.get(PerVmaLock.class).on(data.machine().profile());
    this.faults = decisions.get(VmaLockFaults.class);
  }

  /// Whether there are any.
  public boolean areOn() {
    return on;
  }

  /// The VMA of page `vpn`, locked for reading; empty if mmap_lock has to be taken, as there is no
  /// such VMA just now, or faults there need more.
  ///
  /// Linux gives up where the VMA is locked for writing, and waits for mmap_lock; here it waits for
  /// the VMA. It finds the VMA before it locks it, and looks again after that whether it is in the
  /// tree and has the page; here nothing is looked at before. The outcomes are the same (ADR 19).
  @Models(
      file = "mm/memory.c",
      function = "lock_vma_under_rcu",
      leavesOut = "that a VMA which is locked for writing makes the caller take mmap_lock;"
          + " reference counts, and VMAs that are used again (v6.15)")
  @Models(file = "include/linux/mm.h", function = "vma_start_read")
  public Optional<VmaSlot> lockVmaUnderRcu(Mm mm, int vpn, boolean writes) {
    return lockIf(mm, vpn, vma -> faults.allows(vma, writes));
  }

  /// As [#lockVmaUnderRcu] if pages `from` … `to`-1 are all of that VMA.
  @Models(file = "mm/madvise.c", function = "try_vma_read_lock", leavesOut = "userfaultfd")
  public Optional<VmaSlot> tryVmaReadLock(Mm mm, int from, int to) {
    return lockIf(mm, from, vma -> to <= vma.end());
  }

  private Optional<VmaSlot> lockIf(Mm mm, int vpn, Predicate<Vma> wanted) {
    if (!on) {
      return Optional.empty();
    }
    return steps.call(
        "lock_vma_under_rcu",
        () -> {
          if (steps.leavesOut(Mutation.Kind.RECHECK, "vma")) {
            var found = mm.vmaUnderRcu(vpn);
            mm.vmaLock(vpn).readLock();
            return keptIf(mm, vpn, wanted, found);
          }
          steps.notice(steps.site("vma"), "others may change it before it is locked");
          mm.vmaLock(vpn).readLock();
          return keptIf(mm, vpn, wanted, mm.vmaUnderRcu(vpn));
        });
  }

  private static Optional<VmaSlot> keptIf(
      Mm mm, int vpn, Predicate<Vma> wanted, Optional<VmaSlot> found) {
    var kept = found.filter(slot -> wanted.test(slot.vma()));
    if (kept.isEmpty()) {
      mm.vmaLock(vpn).readUnlock();
    }
    return kept;
  }

  /// `vma_end_read()`, of the VMA of page `vpn`, by which it was found.
  public void vmaEndRead(Mm mm, int vpn) {
    mm.vmaLock(vpn).readUnlock();
  }

  /// Locks a VMA until mmap_lock, which is held for writing, is released; nothing if it is locked.
  /// No function of its own in traces, so that each place that does is a mutant of its own.
  @Models(file = "include/linux/mm.h", function = "vma_start_write")
  public void vmaStartWrite(Mm mm, Vma vma) {
    startWrite(mm, vma.start(), vma.end());
  }

  /// As [#vmaStartWrite], of pages `from` … `to`-1.
  public void startWrite(Mm mm, int from, int to) {
    if (on) {
      mm.mmapLock().assertHeldExclusively(); // mmap_assert_write_locked(), since v6.4-rc1
      for (int vpn = from; vpn < to; vpn++) {
        var lock = mm.vmaLock(vpn);
        if (!lock.isHeldExclusively()) {
          lock.lockPart("vma_lock");
        }
      }
    }
  }

  /// Asserts that a VMA is locked for writing, where VMAs have locks: VM_BUG_ON_VMA().
  @Models(file = "include/linux/mmap_lock.h", function = "vma_assert_write_locked")
  public void vmaAssertWriteLocked(Mm mm, Vma vma) {
    if (on) {
      for (int vpn = vma.start(); vpn < vma.end(); vpn++) {
        mm.vmaLock(vpn).assertHeldExclusively();
      }
    }
  }

  /// Releases mmap_lock, which is held for writing, and with it all VMAs of the address space.
  @Models(file = "include/linux/mmap_lock.h", function = "vma_end_write_all")
  @Models(file = "include/linux/mmap_lock.h", function = "mmap_write_unlock")
  public void mmapWriteUnlock(Mm mm) {
    for (int vpn = 0; vpn < data.layout().pages(); vpn++) {
      var lock = mm.vmaLock(vpn);
      if (lock.isHeldExclusively()) {
        lock.unlock();
      }
    }
    mm.mmapLock().unlock();
  }
}
