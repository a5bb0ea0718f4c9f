package shootdown.kernel.rmap;

import java.util.function.Consumer;
import java.util.function.Function;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.sched.Steps;

/// The PMD entry at a place, if it maps the huge folio there.
final class MappedPmd {
  private final KernelData data;
  private final Steps steps;
  private final boolean passesOther;

  MappedPmd(KernelData data, Decisions decisions) {
    this.data = data;
    this.passesOther = decisions.get(WalkPastNoTable.class).passesOther();
    this.steps = data.steps();
  }

  /// Tells what `action` makes of the PMD entry, under its lock, if it maps the folio; `ptes` where
  /// there is a page table, as the entry was split a moment ago, and PTEs may map the pages;
  /// `nowhere` where the entry is for something else.
  ///
  /// Where the entry is none, the lock is taken and dropped with PVMW_SYNC: whoever has zapped the
  /// entry has counted that, too, by then.
  @Models(
      file = "mm/page_vma_mapped.c",
      function = "page_vma_mapped_walk")
  <T> T withMapped(
      Folio folio, Place place, UnmapSync sync, T ptes, T nowhere, Function<Pmdp, T> action) {
    return steps.scope(
        () -> {
          var pmdp = data.pmdp(place.mm(), place.vpn());
          var seen = look(pmdp, sync);
          if (seen == Seen.PTES) {
            return ptes;
          }
          var lock = data.mm(place.mm()).pageTableLock();
          lock.lock();
          var other = passesOther || seen == Seen.NONE ? ptes : nowhere;
          T told =
              steps.recheck("pmd_trans_huge", () -> pmdp.get().isHuge())
                  ? isMappedBy(folio, pmdp) ? action.apply(pmdp) : other
                  : isTable(pmdp) ? ptes : other;
          lock.unlock();
          return told;
        });
  }

  /// What a look without the lock found.
  private enum Seen {
    /// a page table, or nothing that is waited for
    PTES,
    /// none
    NONE,
    /// a huge page, or what stands for one
    LEAF
  }

  private Seen look(Pmdp pmdp, UnmapSync sync) {
    return steps.scope(
        () -> {
          var entry = pmdp.get();
          if (entry.isTable() || entry.isNone() && sync == UnmapSync.PASSES) {
            return Seen.PTES;
          }
          return entry.isNone() ? Seen.NONE : Seen.LEAF;
        });
  }

  private boolean isTable(Pmdp pmdp) {
    return steps.scope(() -> pmdp.get().isTable());
  }

  /// `check_pmd()`.
  private boolean isMappedBy(Folio folio, Pmdp pmdp) {
    return steps.scope(() -> pmdp.get().pte().pfn() == folio.head());
  }

  /// Does `action` with the PMD entry, under its lock, if it is a migration entry of the folio:
  /// PVMW_MIGRATION. An entry that is none may be on the way elsewhere, and who moves it holds the
  /// lock until it is there: as with [#withMapped], that is waited for or not. Tells whether PTEs
  /// may be migration entries of its pages: not where the entry is for something else.
  boolean ifMigrating(Folio folio, Place place, UnmapSync sync, Consumer<Pmdp> action) {
    return steps.scope(
        () -> {
          var pmdp = data.pmdp(place.mm(), place.vpn());
          var seen = look(pmdp, sync);
          if (seen == Seen.PTES) {
            return true;
          }
          var lock = data.mm(place.mm()).pageTableLock();
          lock.lock();
          boolean found = steps.recheck("check_pmd", () -> isMigrationOf(folio, pmdp.get().pte()));
          if (found) {
            action.accept(pmdp);
          }
          boolean ptes = !found && (passesOther || seen == Seen.NONE || isTable(pmdp));
          lock.unlock();
          return ptes;
        });
  }

  private static boolean isMigrationOf(Folio folio, Pte entry) {
    return MigrationEntry.isMigration(entry) && MigrationEntry.pfn(entry) == folio.head();
  }

  /// Whether there is a migration entry, of whatever folio.
  boolean isMigration(Place place) {
    return steps.scope(() -> data.pmdp(place.mm(), place.vpn()).get().isSwap());
  }
}
