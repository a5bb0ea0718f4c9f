package shootdown.kernel.migrate;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.RemoveMigrationPtes;
import shootdown.kernel.rmap.SplitHugePage;
import shootdown.kernel.rmap.TlbUbc;
import shootdown.kernel.rmap.TryToMigrate;
import shootdown.kernel.rmap.TryToUnmap;
import shootdown.kernel.rmap.TtuFlags;
import shootdown.machine.Pte;
import shootdown.sched.Steps;

/// Moves one page to another frame, or a huge page to another block of frames: what compaction,
/// move_pages(2) and NUMA balancing have in common.
public final class MigratePages {
  private final KernelData data;
  private final Steps steps;
  private final TryToMigrate tryToMigrate;
  private final TryToUnmap flush;
  private final MoveFolio moveFolio;
  private final RemoveMigrationPtes remove;
  private final MigrateBatch batch;
  private final HugePmds huges;
  private final SplitHugePage split;
  private final MoveHugePage moveHuge;
  private final MoveHugeShmem moveShmem;

  public MigratePages(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.tryToMigrate = new TryToMigrate(data, decisions);
    this.flush = new TryToUnmap(data, decisions);
    this.moveFolio = new MoveFolio(data);
    this.remove = new RemoveMigrationPtes(data, decisions);
    this.batch = decisions.get(MigrateBatch.class);
    this.huges = new HugePmds(data);
    this.split = new SplitHugePage(data, decisions);
    boolean supported =
        decisions.get(ThpMigration.class).isSupported(data.machine().profile());
    this.moveHuge = supported ? decisions.get(MoveHugePage.class) : MoveHugePage.SPLIT_FIRST;
    this.moveShmem = decisions.get(MoveHugeShmem.class);
  }

  /// What an attempt may wait for: `enum migrate_mode`.
  private enum MigrateMode {
    /// nothing
    ASYNC,
    /// the folio lock, and writeback
    SYNC
  }

  /// Moves the page that is mapped at `vpn` now; does nothing if there is none, or if another has
  /// it off the LRU. It first tries without waiting for anybody, then once more, waiting.
  ///
  /// Where a huge page does not move as one ([MoveHugePage], [MoveHugeShmem], [ThpMigration]) its
  /// folio is split first, and stays where it is if it cannot be.
  @Models(
      file = "mm/migrate.c",
      function = "migrate_pages_sync",
      leavesOut = "more attempts: seven, of ten passes each; several pages at once; that a huge"
          + " page is split if no other is free, or if others have it on the LRU's deferred list")
  public void migrate(Current me, int mm, int vpn) {
    steps.run(
        "migrate_pages",
        () -> {
          if (data.layout().hasHugePages() && steps.scope(() -> isDoneAsOne(me, mm, vpn))) {
            return;
          }
          isolate(mm, vpn).ifPresent(folio -> move(me, folio));
        });
  }

  /// Whether the page at `vpn` is part of a huge folio that moves as one, or is left alone. Any
  /// other huge folio is split.
  private boolean isDoneAsOne(Current me, int mm, int vpn) {
    var page = steps.scope(() -> pageOfHuge(mm, vpn));
    if (page.isPresent() && movesAsOne(page.get())) {
      isolateHuge(page.get()).ifPresent(folio -> move(me, folio));
      return true;
    }
    page.ifPresent(p -> splitUnlocked(me, p));
    return false;
  }

  private void move(Current me, Folio folio) {
    steps.forget(
        () -> {
          if (!attempt(me, folio, MigrateMode.ASYNC)) {
            attempt(me, folio, MigrateMode.SYNC);
          }
        });
    data.folios().folioPutbackLru(folio);
  }

  private boolean movesAsOne(Folio page) {
    return moveHuge == MoveHugePage.AS_ONE
        && (moveShmem == MoveHugeShmem.AS_ONE || steps.scope(page::isAnon));
  }

  /// Takes the folio that the page is part of off the LRU; the caller's reference is gone.
  private Optional<Folio> isolateHuge(Folio page) {
    var folio = data.folios().page(page, 0);
    boolean isolated = data.folios().folioIsolateLru(folio);
    data.folios().put(folio);
    return isolated ? Optional.of(folio) : Optional.empty();
  }

  /// Moves a folio that the caller has taken off the LRU, without waiting for anybody; tells
  /// whether it did. The caller's reference is gone.
  @Models(file = "mm/migrate.c", function = "migrate_misplaced_folio", leavesOut = "statistics")
  public boolean migrateMisplacedFolio(Current me, Folio folio) {
    return steps.call(
        "migrate_misplaced_folio",
        () -> {
          boolean moved = attempt(me, folio, MigrateMode.ASYNC);
          data.folios().folioPutbackLru(folio);
          return moved;
        });
  }

  /// The page at `vpn`, with a reference, if it is part of a huge folio.
  private Optional<Folio> pageOfHuge(int mm, int vpn) {
    if (data.isHuge(mm, vpn)) {
      return huges.ifTransHuge(
          mm, vpn, Optional.<Folio>empty(), () -> pageOfPmd(mm, vpn).map(MigratePages::got));
    }
    var table = data.table(mm, vpn);
    if (table.isEmpty()) {
      return Optional.empty();
    }
    table.get().ptl().lock();
    var pte = table.get().pte(vpn).get();
    var found =
        VmPageProt.ptePresent(pte) && data.folios().folio(pte.pfn()).isLarge()
            ? Optional.of(got(data.folios().folio(pte.pfn())))
            : Optional.<Folio>empty();
    table.get().ptl().unlock();
    return found;
  }

  private Optional<Folio> pageOfPmd(int mm, int vpn) {
    int first = data.pmdp(mm, vpn).get().pte().pfn();
    return data.folios().isZero(first)
        ? Optional.empty()
        : Optional.of(data.folios().huge(first + vpn - data.layout().pmdStart(vpn)));
  }

  private static Folio got(Folio page) {
    page.get();
    return page;
  }

  /// Splits the folio that the page is part of; the caller's reference is gone. With it nobody else
  /// can split it.
  @Models(
      file = "mm/memory-failure.c",
      function = "soft_offline_in_use_page",
      leavesOut = "giving up if it cannot be split: the page is found in a huge folio again then")
  private void splitUnlocked(Current me, Folio page) {
    page.lock().lock();
    steps.forget(() -> split.splitHugePage(me, page, SplitHugePage.Pieces.ONE));
    var now = data.folios().folio(page.pfn());
    now.lock().unlock();
    data.folios().put(now);
  }

  /// Compaction comes by frame numbers: how the page is found takes no part, as in reclaim.
  @Models(file = "mm/compaction.c", function = "isolate_migratepages_block", leavesOut = "ranges")
  private Optional<Folio> isolate(int mm, int vpn) {
    return steps.scope(
        () -> {
          var table = data.table(mm, vpn);
          if (table.isEmpty()) {
            return Optional.<Folio>empty();
          }
          table.get().ptl().lock();
          var found = isolate(table.get().pte(vpn).get());
          table.get().ptl().unlock();
          return found;
        });
  }

  private Optional<Folio> isolate(Pte pte) {
    if (!VmPageProt.ptePresent(pte)) {
      return Optional.empty();
    }
    return data.folios()
        .vmNormalFolio(pte)
        .filter(folio -> !folio.isLarge() && data.folios().folioIsolateLru(folio));
  }

  /// Tells whether the folio was moved: the caller's reference is the last one then.
  private boolean attempt(Current me, Folio folio, MigrateMode mode) {
    return steps.call(
        "migrate_folio_unmap",
        () -> {
          if (mode == MigrateMode.SYNC) {
            folio.lock().lock();
          } else if (!folio.lock().tryLock()) {
            return false;
          }
          boolean moved = mayUnmap(folio, mode) && unmapAndMove(me, folio, mode);
          folio.lock().unlock();
          return moved;
        });
  }

  /// Whether the locked folio is not being written, and belongs to something still.
  private boolean mayUnmap(Folio folio, MigrateMode mode) {
    if (mode == MigrateMode.SYNC) {
      folio.flags().await(Folio.WRITEBACK, 0);
    } else if (!steps.recheck("no_writeback", () -> !folio.flags().test(Folio.WRITEBACK))) {
      return false;
    }
    return steps.recheck("folio_mapping", () -> !folio.mapping().is(0));
  }

  private boolean isUnmapped(Folio folio) {
    return folio.isLarge() ? data.folios().mapcount(folio) == 0 : folio.mapcount().is(0);
  }

  @Models(
      file = "mm/migrate.c",
      function = "migrate_folio_unmap",
      leavesOut = "a folio that nobody uses any more: it is moved, and freed there; a"
          + " reference to the anon_vma")
  @Models(file = "mm/migrate.c", function = "migrate_folio_move", leavesOut = "mlock")
  private boolean unmapAndMove(Current me, Folio folio, MigrateMode mode) {
    var to = folio.isLarge() ? data.folios().allocHuge() : data.folios().alloc();
    to.lock().lock(); // nobody else knows it
    var flags = mode == MigrateMode.ASYNC ? batch.async() : TtuFlags.FLUSH_NOW;
    steps.forget(
        () ->
            flush.tryToUnmapFlush(
                me, tryToMigrate.tryToMigrate(me, folio, TlbUbc.NONE, flags)));
    boolean moved =
        steps.scope(
            () ->
                steps.recheck("folio_mapped", () -> isUnmapped(folio))
                    && moveFolio.migrateFolio(folio, to));
    remove.removeMigrationPtes(folio, moved ? to : folio);
    to.lock().unlock();
    data.folios().put(to);
    return moved;
  }
}
