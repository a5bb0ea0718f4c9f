package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

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
///
/// Until v6.16-rc1 arm64 did not flush then: `arch_flush_tlb_batched_pending()` waited for the
/// broadcasts of its own CPU (DSB ISH), where those of reclaim's CPU were meant.
public interface FlushBatchedPending extends Decision {
  /// What is remembered.
  enum Memory {
    NOTHING,
    FLAG,
    COUNTS
  }

  Memory memory();

  /// Whether who finds that something was put off flushes it.
  default boolean flushes(MachineProfile machine) {
    return true;
  }

  FlushBatchedPending NOTHING = () -> Memory.NOTHING;

  /// 3ea277194daa.
  FlushBatchedPending FLAG = () -> Memory.FLAG;

  /// 5ee2fa2f0636, and 43b3dfdd0455, which has arm64 put off flushes.
  FlushBatchedPending COUNTS_ARM64_WAITS =
      new FlushBatchedPending() {
        @Override
        public Memory memory() {
          return Memory.COUNTS;
        }

        @Override
        public boolean flushes(MachineProfile machine) {
          return !machine.isOf("arm64");
        }
      };

  /// 4b634918384c.
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
                  COUNTS_ARM64_WAITS))
          .then(
              Fix.merged(
                  "4b634918384c",
                  "arm64/mm: Close theoretical race where stale TLB entry remains valid",
                  "v6.16-rc1",
                  COUNTS));
}
