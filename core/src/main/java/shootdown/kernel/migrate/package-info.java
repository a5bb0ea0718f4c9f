/// Page migration: moving a page to another frame under the feet of those who use it.
///
/// ```text
/// MigratePages    migrate_pages() of one page: isolate, unmap, move, map again
/// MoveFolio       migrate_folio(): contents, flags, and the place in a cache
/// MigrateBatch    when it flushes
/// MigrationWait   migration_entry_wait(): what a fault does meanwhile
/// MoveHugePage    whether a huge page moves as one; MoveHugeShmem: one of shared memory;
///                 ThpMigration: on this machine
/// ```
///
/// ```text
/// old folio locked, no writeback
///   new folio locked
///     try_to_migrate()     each PTE becomes a migration entry: rmap.TryToMigrate
///     flush                no TLB holds the old frame any more
///     references counted   nobody but the caller and the cache has it
///     contents copied
///     i_pages              references counted again and frozen; the cache has the new folio
///     remove_migration_ptes(): rmap.RemoveMigrationPtes
/// ```
///
/// What an entry is meanwhile: [shootdown.kernel.swap.MigrationEntry].
package shootdown.kernel.migrate;
