package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What do_wp_page() does about entries of CPUs that userfaultfd_writeprotect() has still to flush,
/// before it decides whether to copy the page.
///
/// ```text
/// release    | where a userfaultfd may write-protect, and somebody has still to flush
/// -----------+------------------------------------------------------------------------------
/// v5.12-rc2  | nothing: the page is copied, then flushed, and what is stored in between is lost
/// v5.12-rc3  | the page is flushed first
/// ```
public enum CopyFlush implements Decision {
  LATE,
  /// 6ce64428d620
  PENDING;

  /// The decision in time. The patch is of 12 March 2021, between v5.12-rc2 and v5.12-rc3.
  public static final History<CopyFlush> HISTORY =
      History.of(CopyFlush.class, LATE)
          .then(
              Fix.merged(
                  "6ce64428d620",
                  "mm/userfaultfd: fix memory corruption due to writeprotect",
                  "v5.12-rc3",
                  PENDING));
}
