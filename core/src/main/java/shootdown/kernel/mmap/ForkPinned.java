package shootdown.kernel.mmap;

import shootdown.kernel.data.Folio;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether fork() gives the child a copy of its own of a page that may be pinned. If the page is
/// shared instead, the parent's next store to it makes a copy, and who has the pin keeps the page
/// that the parent no longer sees.
public interface ForkPinned extends Decision {
  /// Whether the child gets a copy at once.
  boolean copies(Folio folio);

  /// Never.
  ForkPinned SHARED = _ -> false;

  /// 70e806e4e645: if it has as many references as a pin counts for.
  ForkPinned COPIED = Folio::maybeDmaPinned;

  History<ForkPinned> HISTORY =
      History.of(ForkPinned.class, SHARED)
          .then(
              Fix.merged(
                  "70e806e4e645",
                  "mm: Do early cow for pinned pages during fork() for ptes",
                  "v5.9-rc7",
                  COPIED));
}
