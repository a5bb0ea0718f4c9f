package shootdown.kernel.swap;

import java.util.Optional;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.machine.Pte;

/// Page-table entries that stand for a page while it is on the way to another frame, or while the
/// huge folio that it is part of is split: migration entries, a `swp_entry_t` of their own types.
/// The folio of the frame that an entry names is locked as long as the entry is there; whoever
/// faults there waits for that lock. An entry counts for nothing, neither in refcount nor in
/// mapcount.
///
/// ```text
///  63 … 16               13       12     11     10     9          8          4
///  pfn of the old frame  uffd-wp  dirty  young  write  migration  exclusive  not-present
/// ```
///
/// ```text
/// kind             the entry was                    becomes by fork()   by mprotect()
/// ---------------+--------------------------------+-------------------+----------------
/// WRITE            writable                         READ (if private)   READ_EXCLUSIVE
/// READ_EXCLUSIVE   read-only, its space's alone     READ (if private)   stays
/// READ             read-only                        stays               stays
/// ```
public final class MigrationEntry {
  private static final long EXCLUSIVE = 1 << 8;
  private static final long MIGRATION = Pte.MIGRATION;
  private static final long WRITE = 1 << 10;
  private static final long YOUNG = 1 << 11;
  private static final long DIRTY = 1 << 12;

  private MigrationEntry() {}

  /// What may be done with the page, once it has arrived.
  public enum Kind {
    READ,
    READ_EXCLUSIVE,
    WRITE
  }

  /// An old and clean entry for frame `pfn`.
  public static Pte of(Kind kind, int pfn) {
    long bits =
        switch (kind) {
          case READ -> 0;
          case READ_EXCLUSIVE -> EXCLUSIVE;
          case WRITE -> WRITE;
        };
    return new Pte((long) pfn << Pte.PFN_SHIFT | MIGRATION | bits | Pte.NOT_PRESENT);
  }

  /// `is_migration_entry()`.
  @Models(file = "include/linux/swapops.h", function = "is_migration_entry")
  public static boolean isMigration(Pte pte) {
    return !pte.present() && pte.has(MIGRATION);
  }

  /// The frame that the page leaves: `swp_offset_pfn()` of an entry that [#isMigration].
  public static int pfn(Pte pte) {
    return pte.pfn();
  }

  /// Asserts that the folio of an entry which is there is locked: BUG_ON(!PageLocked()) of
  /// migration_entry_to_page(), since v2.6.18, and of pfn_swap_entry_to_page(), since v5.14. So it
  /// comes out where the end of a migration has missed an entry. The page-table lock is held.
  @Models(file = "include/linux/swapops.h", function = "pfn_swap_entry_to_page")
  public static void assertLocked(KernelData data, Pte pte) {
    data.steps().forget(() -> data.folios().folio(pfn(pte)).lock().assertLocked());
  }

  /// The frame that the page leaves; empty for any other entry.
  public static Optional<Integer> leaves(Pte pte) {
    return isMigration(pte) ? Optional.of(pfn(pte)) : Optional.empty();
  }

  public static Kind kind(Pte pte) {
    if (pte.has(WRITE)) {
      return Kind.WRITE;
    }
    return pte.has(EXCLUSIVE) ? Kind.READ_EXCLUSIVE : Kind.READ;
  }

  /// The same entry of another kind.
  public static Pte as(Kind kind, Pte pte) {
    return of(kind, pfn(pte)).with(pte.bits() & (YOUNG | DIRTY | Pte.UFFD_WP));
  }

  /// `make_migration_entry_young()`.
  public static Pte mkYoung(Pte pte) {
    return pte.with(YOUNG);
  }

  public static boolean isYoung(Pte pte) {
    return pte.has(YOUNG);
  }

  /// `make_migration_entry_dirty()`.
  public static Pte mkDirty(Pte pte) {
    return pte.with(DIRTY);
  }

  public static boolean isDirty(Pte pte) {
    return pte.has(DIRTY);
  }
}
