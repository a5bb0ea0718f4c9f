package shootdown.kernel.swap;

import shootdown.machine.Pte;

/// Page-table entries of pages that are about to be mapped again, elsewhere or as something else:
/// `make_writable_migration_entry()` and the like. Nobody reaches the page meanwhile; a fault waits
/// for its lock. The entry counts for nothing, neither in refcount nor in mapcount.
///
/// ```text
///  63 … 16   10          9           8         3      2      1         4
///  pfn       exclusive   migration   (swap's)  young  dirty  writable  not-present
/// ```
public final class MigrationEntry {
  private static final long MIGRATION = 1 << 9;
  private static final long EXCLUSIVE = 1 << 10;
  private static final long KEPT = Pte.WRITABLE | Pte.DIRTY | Pte.YOUNG;

  private MigrationEntry() {}

  /// What takes the place of a present entry.
  public static Pte of(Pte present, boolean exclusive) {
    long bits = present.bits() & (KEPT | -1L << Pte.PFN_SHIFT);
    return new Pte(bits | MIGRATION | Pte.NOT_PRESENT | (exclusive ? EXCLUSIVE : 0));
  }

  /// `is_migration_entry()`.
  public static boolean isMigration(Pte pte) {
    return !pte.present() && pte.has(MIGRATION);
  }

  /// The page was this address space's alone.
  public static boolean isExclusive(Pte entry) {
    return entry.has(EXCLUSIVE);
  }

  /// `make_readable_migration_entry()`: of a page that is shared from now on.
  public static Pte readable(Pte entry) {
    return entry.without(Pte.WRITABLE | EXCLUSIVE);
  }

  /// `make_readable_exclusive_migration_entry()`: of a page that may not be written to.
  public static Pte readOnly(Pte entry) {
    return entry.without(Pte.WRITABLE);
  }
}
