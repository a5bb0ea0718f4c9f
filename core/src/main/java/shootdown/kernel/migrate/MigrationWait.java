package shootdown.kernel.migrate;

import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pmd;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;

/// What a fault at a migration entry does: it waits until the folio is unlocked, and the access is
/// tried again.
public final class MigrationWait {
  private final KernelData data;

  public MigrationWait(KernelData data) {
    this.data = data;
  }

  /// Waits for the end of the migration of which `entry`, seen under the page-table lock, is part.
  /// mmap_lock stays held. No reference is taken, so a waiter does not stand in the way of the
  /// migration; should the frame belong to another by now, it waits for that one, a little.
  ///
  /// To be given the lock and to give it back is one step: nobody sees it held.
  @Models(
      file = "mm/migrate.c",
      function = "migration_entry_wait",
      leavesOut = "the reference that releases before v5.17 take: a migration that meets it fails")
  public void migrationEntryWait(Pte entry) {
    var lock = data.folios().folio(MigrationEntry.pfn(entry)).lock();
    data.steps()
        .run("migration_entry_wait", lock::awaitUnlocked);
  }

  /// As [#migrationEntryWait] for the entry of a huge page, which was seen without the lock: it is
  /// looked at again.
  ///
  /// @param pmdp where it was
  @Models(
      file = "mm/migrate.c",
      function = "pmd_migration_entry_wait",
      leavesOut = "the PMD lock: who holds it changes the entry and the folio's lock in two steps,"
          + " and never so that the entry outlives the lock")
  public void pmdMigrationEntryWait(Pmdp pmdp, Pmd entry) {
    data.steps()
        .atomic(
            "pmd_migration_entry_wait",
            () -> {
              if (pmdp.get().equals(entry)) {
                MigrationEntry.assertLocked(data, entry.pte());
              }
            });
    migrationEntryWait(entry.pte());
  }
}
