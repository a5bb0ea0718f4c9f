package shootdown.kernel.khugepaged;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a collapse waits for gup-fast before it uses the page-table page for something else.
/// Where the flush is an IPI, it has waited already.
///
/// ```text
/// release  | after the flush
/// ---------+-----------------------------------------------------------------------
/// v6.1-rc7 | nothing
/// v6.1-rc8 | an IPI to all CPUs, where page-table pages are freed by RCU
/// ```
///
/// @param sendsIpi see there
public record CollapseSync(boolean sendsIpi) implements Decision {
  /// The decision in time.
  public static final History<CollapseSync> HISTORY =
      History.of(CollapseSync.class, new CollapseSync(false))
          .then(
              Fix.merged(
                  "2ba99c5e0881",
                  "mm/khugepaged: fix GUP-fast interaction by sending IPI",
                  "v6.1-rc8",
                  new CollapseSync(true)));
}
