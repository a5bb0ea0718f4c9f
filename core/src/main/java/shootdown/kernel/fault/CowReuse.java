package shootdown.kernel.fault;

import shootdown.kernel.data.Folio;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When a write to a read-only private page may make it writable instead of copying it: nobody else
/// may see the page.
///
/// ```text
/// release   | rule                                              | folio lock is taken
/// ----------+---------------------------------------------------+---------------------
/// v5.9-rc3  | one PTE maps it (a pinned page may be somewhere)  | copies only if it must: waits
/// v5.9-rc4  | nobody else has a reference (a pin makes a copy)  | copies
/// v5.19-rc1 | it is marked exclusive; else as before            | copies
/// ```
public interface CowReuse extends Decision {
  /// Whether the mark PG_anon_exclusive is enough, without a look at counts.
  boolean trustsMark();

  /// Whether a fault waits for the folio lock where another task has it.
  boolean waitsForLock();

  /// Whether the page's counts say that nobody else has it; asked with the folio locked.
  boolean countsAllow(Folio folio);

  /// `reuse_swap_page()`: the mapping count.
  CowReuse BY_MAPCOUNT = new Rule(false, true, false);

  /// 09854ba94c6a: the reference count.
  CowReuse BY_REFCOUNT = new Rule(false, false, true);

  /// 6c287605fd56: the mark.
  CowReuse BY_MARK = new Rule(true, false, true);

  History<CowReuse> HISTORY =
      History.of(CowReuse.class, BY_MAPCOUNT)
          .then(
              Fix.merged(
                  "09854ba94c6a", "mm: do_wp_page() simplification", "v5.9-rc4", BY_REFCOUNT))
          .then(
              Fix.merged(
                  "6c287605fd56",
                  "mm: remember exclusively mapped anonymous pages with PG_anon_exclusive",
                  "v5.19-rc1",
                  BY_MARK));

  /// The rules that Linux had.
  ///
  /// @param trustsMark see there
  /// @param waitsForLock see there
  /// @param refcount the reference count counts; else the mapping count
  record Rule(boolean trustsMark, boolean waitsForLock, boolean refcount) implements CowReuse {
    @Override
    public boolean countsAllow(Folio folio) {
      return refcount ? folio.refcount().is(1) : folio.mapcount().is(1);
    }
  }
}
