package shootdown.kernel.mmap;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.Mm;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether fork() gives the child a copy of its own of a page that may be pinned. If the page is
/// shared instead, the parent's next store to it makes a copy, and who has the pin keeps the page
/// that the parent no longer sees.
public interface ForkPinned extends Decision {
  /// Whether the child gets a copy at once.
  ///
  /// @param mm the parent's
  boolean copies(Mm mm, Folio folio);

  /// Never.
  ForkPinned SHARED = (_, _) -> false;

  /// 70e806e4e645: if some page of the parent was pinned, and this one has as many references as
  /// a pin counts for.
  ForkPinned COPIED = (mm, folio) -> mm.hasPinned().is(1) && folio.maybeDmaPinned();

  History<ForkPinned> HISTORY =
      History.of(ForkPinned.class, SHARED)
          .then(
              Fix.merged(
                  "70e806e4e645",
                  "mm: Do early cow for pinned pages during fork() for ptes",
                  "v5.9-rc7",
                  COPIED));
}
