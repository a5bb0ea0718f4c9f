package shootdown.kernel.migrate;

import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.swap.MigrationEntry;
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
      function = "pmd_migration_entry_wait",
      leavesOut = "a second look at the entry, under the PMD lock: who waits in vain comes back")
  @Models(
      file = "mm/migrate.c",
      function = "migration_entry_wait",
      leavesOut = "the reference that releases before v5.17 take: a migration that meets it fails")
  public void migrationEntryWait(Pte entry) {
    var lock = data.folios().folio(MigrationEntry.pfn(entry)).lock();
    data.steps()
        .run("migration_entry_wait", lock::awaitUnlocked);
  }
}
