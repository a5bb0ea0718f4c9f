package shootdown.kernel.mmap;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.sched.Steps;

/// fork() of a PMD entry that maps a huge page: parent and child share it, read-only.
final class CopyHugePmd {
  private final KernelData data;
  private final Steps steps;
  private final ForkPinned forkPinned;
  private final SplitHugePmd split;

  CopyHugePmd(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.forkPinned = decisions.get(ForkPinned.class);
    this.split = new SplitHugePmd(data, decisions);
  }

  private enum Result {
    COPIED,
    /// it maps no huge page any more
    CHANGED,
    /// its folio may be pinned: page by page
    PINNED
  }

  /// Tells 0 if it is copied; empty if the entry is to be looked at again.
  @Models(
      file = "mm/huge_memory.c",
      function = "copy_huge_pmd")
  Optional<Boolean> copyHugePmd(Current me, int parent, int child, int vpn, Vma vma) {
    if (!vma.anonymous()) {
      return Optional.of(true); // the child faults
    }
    return steps.call(
        "copy_huge_pmd",
        () -> {
          int table = data.pteAllocOne();
          var childLock = data.mm(child).pageTableLock();
          var parentLock = data.mm(parent).pageTableLock();
          childLock.lock();
          parentLock.lock();
          var result = copyLocked(data.mm(parent), data.pmdp(parent, vpn), data.pmdp(child, vpn));
          if (result == Result.COPIED) {
            data.mm(child).deposit(table);
          }
          parentLock.unlock();
          childLock.unlock();
          if (result == Result.COPIED) {
            return Optional.of(true);
          }
          data.pteFree(table);
          if (result == Result.PINNED) {
            split.splitHugePmd(me, parent, vpn);
          }
          return Optional.empty();
        });
  }

  private Result copyLocked(Mm parent, Pmdp source, Pmdp target) {
    if (!steps.recheck("pmd_trans_huge", () -> source.get().isLeaf())) {
      return Result.CHANGED;
    }
    var pte = source.get().pte();
    if (MigrationEntry.isMigration(pte)) {
      copyMigration(pte, source, target);
      return Result.COPIED;
    }
    if (!data.folios().isZero(pte.pfn())
        && !shareFolio(parent, data.folios().huge(pte.pfn()))) {
      return Result.PINNED;
    }
    source.setWrprotect();
    target.set(pte.without(Pte.WRITABLE | Pte.YOUNG));
    return Result.COPIED;
  }

  /// A huge page that is on the way is private to one of them no more.
  private static void copyMigration(Pte entry, Pmdp source, Pmdp target) {
    var read = MigrationEntry.as(MigrationEntry.Kind.READ, entry);
    if (MigrationEntry.kind(entry) != MigrationEntry.Kind.READ) {
      source.set(read);
    }
    target.set(read);
  }

  /// Counts the child's entry; tells whether it may share the folio.
  private boolean shareFolio(Mm parent, Folio folio) {
    if (forkPinned.copies(parent, folio)) {
      return false;
    }
    folio.get();
    data.folios().entireMapcount(folio).add(1);
    folio.pageFlags().clear(Folio.ANON_EXCLUSIVE);
    return true;
  }
}
