package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How an address space remembers that reclaim has taken entries whose flush it put off, so that
/// who finds such an entry gone can flush before relying on it.
///
/// ```text
/// release    | memory
/// -----------+---------------------------------------------------------------------------------
/// v4.12      | none: an entry that is gone counts as flushed
/// v4.13-rc4  | a flag, cleared after the flush: an entry taken meanwhile, under the lock of
///            | another page-table page, is forgotten
/// v5.17-rc1  | a count of what was put off, and how much of it is flushed
/// ```
public interface FlushBatchedPending extends Decision {
  /// What is remembered.
  enum Memory {
    NOTHING,
    FLAG,
    COUNTS
  }

  Memory memory();

  FlushBatchedPending NOTHING = () -> Memory.NOTHING;

  /// 3ea277194daa.
  FlushBatchedPending FLAG = () -> Memory.FLAG;

  /// 5ee2fa2f0636.
  FlushBatchedPending COUNTS = () -> Memory.COUNTS;

  History<FlushBatchedPending> HISTORY =
      History.of(FlushBatchedPending.class, NOTHING)
          .then(
              Fix.merged(
                  "3ea277194daa",
                  "mm, mprotect: flush TLB if potentially racing with a parallel reclaim leaving"
                      + " stale TLB entries",
                  "v4.13-rc4",
                  FLAG))
          .then(
              Fix.merged(
                  "5ee2fa2f0636",
                  "mm/rmap: fix potential batched TLB flush race",
                  "v5.17-rc1",
                  COUNTS));
}
