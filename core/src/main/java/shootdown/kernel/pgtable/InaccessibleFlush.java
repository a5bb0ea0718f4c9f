package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether an entry that nobody may access (PROT_NONE, or a NUMA hint) is flushed when it is
/// cleared: once its rights are gone and flushed, no TLB can hold it. Until they are flushed, one
/// can.
///
/// ```text
/// release    | x86 flushes such an entry         | mprotect() says that it has not flushed yet
/// -----------+-----------------------------------+---------------------------------------------
/// v3.13-rc4  | never                             | no
/// v3.13-rc5  | if some flush is pending          | by a flag, which the first to end clears
/// v4.13-rc5  | if some flush is pending          | by a count
/// ```
///
/// Other ports flush every entry that is valid, or was a moment ago. Before v3.8 x86 did, too: that
/// is not told apart.
public interface InaccessibleFlush extends Decision {
  /// How it is known that rights were taken away and are not flushed yet.
  enum Pending {
    UNKNOWN,
    FLAG,
    COUNT
  }

  Pending pending();

  InaccessibleFlush UNKNOWN = () -> Pending.UNKNOWN;

  /// 20841405940e: `mm->tlb_flush_pending`.
  InaccessibleFlush FLAG = () -> Pending.FLAG;

  /// 16af97dc5a89: an atomic counter.
  InaccessibleFlush COUNT = () -> Pending.COUNT;

  History<InaccessibleFlush> HISTORY =
      History.of(InaccessibleFlush.class, UNKNOWN)
          .then(
              Fix.merged(
                  "20841405940e",
                  "mm: fix TLB flush race between migration, and change_protection_range",
                  "v3.13-rc5",
                  FLAG))
          .then(
              Fix.merged(
                  "16af97dc5a89",
                  "mm: migrate: prevent racy access to tlb_flush_pending",
                  "v4.13-rc5",
                  COUNT));
}
