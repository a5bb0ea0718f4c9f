package shootdown.kernel.swap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// Whether a migration entry remembers that the entry before it was young or dirty.
///
/// ```text
/// release   | the page, once it has arrived, is mapped
/// ----------+---------------------------------------------------------------
/// v6.0      | old and clean; the folio is dirty if an entry was
/// v6.1-rc1  | young if it was, and dirty if it was and the folio still is
/// ```
public interface MigrationBits extends Decision {
  boolean remembered();

  /// The entry that takes the place of one that maps a page.
  ///
  /// @param exclusive whether the page is this address space's alone
  default Pte entryFor(Pte present, boolean exclusive) {
    var kind = exclusive ? MigrationEntry.Kind.READ_EXCLUSIVE : MigrationEntry.Kind.READ;
    var entry =
        MigrationEntry.of(present.writable() ? MigrationEntry.Kind.WRITE : kind, present.pfn());
    if (!remembered()) {
      return entry;
    }
    var young = present.young() ? MigrationEntry.mkYoung(entry) : entry;
    return present.dirty() ? MigrationEntry.mkDirty(young) : young;
  }

  MigrationBits FORGOTTEN = () -> false;

  /// 2e3468778dbe, where swap offsets have room for two bits more: on all machines here.
  MigrationBits REMEMBERED = () -> true;

  History<MigrationBits> HISTORY =
      History.of(MigrationBits.class, FORGOTTEN)
          .then(
              Fix.merged(
                  "2e3468778dbe",
                  "mm: remember young/dirty bit for page migrations",
                  "v6.1-rc1",
                  REMEMBERED));
}
