package shootdown.kernel.pins;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Writes to a page that was pinned as what an address space maps at a page.
final class PinnedWrite {
  private final KernelData data;
  private final Steps steps;

  PinnedWrite(KernelData data) {
    this.data = data;
    this.steps = data.steps();
  }

  /// Writes one word. Words that pages do not have here are 0, and stay so.
  ///
  /// @param how what is done, for traces
  void word(String how, int pfn, int mm, int word, long value) {
    if (word >= data.machine().memory().wordsPerPage()) {
      if (value != 0) {
        throw steps.fail(
            new Violation(Machine.LIMIT, "a write to word " + word + ", which pages do not have"));
      }
      return;
    }
    steps.atomic(
        how,
        () -> {
          data.machine().memory().at(pfn, word).write(value);
          data.ground().pinWritten(pfn, mm, word, value);
          steps.note(() -> how + " writes F" + pfn + "[" + word + "]: " + value);
        });
  }

  @Models(file = "mm/page-writeback.c", function = "set_page_dirty_lock")
  void setPageDirtyLock(Folio folio) {
    steps.run(
        "set_page_dirty_lock",
        () -> {
          folio.lock().lock();
          folio.flags().set(Folio.DIRTY);
          folio.lock().unlock();
        });
  }
}
