package shootdown.kernel.filemap;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.sched.Steps;

/// What makes who waits for the end of a page's writeback go on. Who ends it clears PG_writeback,
/// then wakes; it has no lock, and another writeback may begin in between.
///
/// ```text
/// release   | a waiter
/// ----------+------------------------------------------------------------------------------
/// v5.8      | looks at PG_writeback when it is woken
/// v5.9-rc1  | does not look again: that it is woken is enough, whoever's writeback has ended
/// v5.10-rc6 | likewise; who ends a writeback has a reference until it has woken
/// v5.11-rc3 | looks again
/// ```
///
/// Where waiters look again, clearing the bit and waking are one step.
public enum WritebackWait implements Decision {
  LOOKS,
  /// 2a9127fcf229
  WOKEN,
  /// 073861ed77b6
  WOKEN_BY_HOLDER;

  /// The decision in time. 2a9127fcf229 and c2407cf7d22d were read; releases are told by their
  /// dates.
  public static final History<WritebackWait> HISTORY =
      History.of(WritebackWait.class, LOOKS)
          .then(
              Fix.merged(
                  "2a9127fcf229", "mm: rewrite wait_on_page_bit_common() logic", "v5.9-rc1", WOKEN))
          .then(
              Fix.merged(
                  "073861ed77b6",
                  "mm: fix VM_BUG_ON(PageTail) and BUG_ON(PageWriteback)",
                  "v5.10-rc6",
                  WOKEN_BY_HOLDER))
          .then(
              Fix.merged(
                  "c2407cf7d22d",
                  "mm: make wait_on_page_writeback() wait for multiple pending writebacks",
                  "v5.11-rc3",
                  LOOKS));

  /// Waits until the page is not being written, or somebody says so.
  @Models(file = "mm/page-writeback.c", function = "folio_wait_writeback")
  void folioWaitWriteback(Steps steps, Folio folio) {
    if (this == LOOKS) {
      folio.flags().await(Folio.WRITEBACK, 0);
      return;
    }
    boolean waits =
        steps.atomically(
            "wait_on_page_bit",
            () -> {
              boolean written = folio.flags().test(Folio.WRITEBACK);
              if (written) {
                folio.flags().set(Folio.WAITERS);
              }
              return written;
            });
    if (waits) {
      folio.flags().await(Folio.WAITERS, 0);
    }
  }

  /// Whether waking is a step of its own.
  boolean wakesLater() {
    return this != LOOKS;
  }

  /// Whether who ends a writeback has a reference meanwhile.
  boolean holds() {
    return this == WOKEN_BY_HOLDER;
  }
}
