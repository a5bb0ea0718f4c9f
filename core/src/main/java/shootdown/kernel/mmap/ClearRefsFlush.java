package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How clear_refs flushes the entries that it has made read-only.
///
/// ```text
/// release    | mmap_lock    | flushes
/// -----------+--------------+------------------------------------------------------------------
/// v4.13-rc4  | for reading  | at the end, and tells nobody
/// v4.13-rc5  | for reading  | at the end, as a gather (b3a81d0841a9)
/// v5.6-rc1   | for reading  | not at all: a gather of nothing does not flush
/// v5.11-rc4  | for writing  | likewise
/// v5.12-rc1  | for writing  | at the end, and says that some flush is pending
/// ```
public enum ClearRefsFlush implements Decision {
  /// as [shootdown.kernel.ksm.DeferredWrprotect] says
  AT_END,
  /// 0758cd830494
  LOST,
  /// 29a951dfb3c3
  LOST_UNDER_LOCK,
  /// 912efa17e512
  PENDING_UNDER_LOCK;

  /// The decision in time.
  public static final History<ClearRefsFlush> HISTORY =
      History.of(ClearRefsFlush.class, AT_END)
          .then(
              Fix.merged(
                  "0758cd830494",
                  "asm-generic/tlb: avoid potential double flush",
                  "v5.6-rc1",
                  LOST))
          .then(
              Fix.merged(
                  "29a951dfb3c3", "mm: fix clear_refs_write locking", "v5.11-rc4", LOST_UNDER_LOCK))
          .then(
              Fix.merged(
                  "912efa17e512",
                  "mm: proc: Invalidate TLB after clearing soft-dirty page state",
                  "v5.12-rc1",
                  PENDING_UNDER_LOCK));

  /// Whether other page faults, and ksmd, are kept out.
  boolean isExclusive() {
    return this == LOST_UNDER_LOCK || this == PENDING_UNDER_LOCK;
  }
}
