package shootdown.kernel.rmap;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;

/// The PTE at a place, if it maps the folio there.
final class MappedPte {
  private final KernelData data;
  private final PageWalk walk;
  private final MigrationPeek peek;

  MappedPte(KernelData data, Decisions decisions) {
    this.data = data;
    this.walk = new PageWalk(data, decisions);
    this.peek = decisions.get(MigrationPeek.class);
  }

  /// Does `action` with the PTE, under its lock, if it maps the folio and `wanted` holds of it;
  /// tells what `action` told, and false if there was nothing to do.
  ///
  /// It takes the lock whatever is there, PVMW_SYNC: it waits for a zap that has taken the PTE away
  /// and still has to flush.
  @Models(
      file = "mm/page_vma_mapped.c",
      function = "page_vma_mapped_walk",
      leavesOut = "huge PMDs: see MappedPmd")
  boolean ifMapped(Folio folio, Place place, Predicate<Pte> wanted, Predicate<Ptep> action) {
    return withEntry(place, ptep -> maps(folio, ptep, wanted), false, action::test);
  }

  /// Tells what `action` makes of the PTE, under its lock, if it maps the folio; else `otherwise`.
  /// Without PVMW_SYNC an entry that is none, or maps nothing, is passed without its lock.
  <T> T withMapped(
      Folio folio, Place place, UnmapSync sync, T otherwise, Function<Ptep, T> action) {
    if (sync == UnmapSync.PASSES && isNow(place, pte -> !VmPageProt.ptePresent(pte))) {
      return otherwise;
    }
    return withEntry(place, ptep -> maps(folio, ptep, _ -> true), otherwise, action);
  }

  /// Does `action` with the PTE, under its lock, if it is a migration entry of the folio:
  /// PVMW_MIGRATION.
  void ifMigrating(Folio folio, Place place, Consumer<Ptep> action) {
    if (peek == MigrationPeek.PEEKS
        && isNow(place, pte -> pte.none() || VmPageProt.ptePresent(pte))) {
      return;
    }
    withEntry(
        place,
        ptep -> isMigrationOf(folio, ptep),
        false,
        ptep -> {
          action.accept(ptep);
          return true;
        });
  }

  /// Looks at the entry without its lock; where there is no table, it is none.
  private boolean isNow(Place place, Predicate<Pte> wanted) {
    return data.steps()
        .scope(
            () -> {
              var table = data.table(place.mm(), place.vpn());
              return wanted.test(
                  table.map(found -> found.pte(place.vpn()).get()).orElse(Pte.NONE));
            });
  }

  private <T> T withEntry(
      Place place, Predicate<Ptep> wanted, T otherwise, Function<Ptep, T> action) {
    var table = walk.pteOffsetMapLock(place.mm(), place.vpn());
    if (table.isEmpty()) {
      return otherwise;
    }
    var ptl = table.get().ptl();
    var ptep = table.get().pte(place.vpn());
    var told = wanted.test(ptep) ? action.apply(ptep) : otherwise;
    ptl.unlock();
    return told;
  }

  private boolean maps(Folio folio, Ptep ptep, Predicate<Pte> wanted) {
    return data.steps()
        .scope(
            () -> {
              var pte = ptep.get();
              return VmPageProt.ptePresent(pte)
                  && pte.pfn() == folio.pfn()
                  && wanted.test(pte);
            });
  }

  private boolean isMigrationOf(Folio folio, Ptep ptep) {
    return data.steps()
        .scope(
            () -> {
              var pte = ptep.get();
              return MigrationEntry.isMigration(pte) && MigrationEntry.pfn(pte) == folio.pfn();
            });
  }
}
