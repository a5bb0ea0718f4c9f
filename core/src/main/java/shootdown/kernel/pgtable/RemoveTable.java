package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// What `tlb_remove_table()` does with a page-table page that was taken out of the page table, and
/// what keeps gup-fast from walking through it when it is free.
///
/// ```text
/// release    | x86: freed     | where RCU is used: freed before the flush if nobody else uses the
///            |                | mm, or if there is no memory for a batch
/// -----------+----------------+------------------------------------------------------------------
/// v4.13      | with the pages | yes
/// v4.14-rc1  | by RCU         | yes
/// v4.19-rc1  | by RCU         | no
/// ```
///
/// Freed with the pages means that whoever walks holds off the IPI of the flush.
///
/// Left out: of v4.19 to v6.14 x86 used RCU for paravirtual machines only (48a8b97cfd80). arm64 had
/// no gup-fast, and freed with the pages, before v3.19 (5e5f6dc10546).
///
/// @param rcuOnX86 x86 waits for a grace period, too
/// @param aloneAtOnce the page is freed at once if the mm has one user
/// @param oneAtOnce it is freed before the flush if it cannot be put into a batch
public record RemoveTable(boolean rcuOnX86, boolean aloneAtOnce, boolean oneAtOnce)
    implements Decision {
  /// The decision in time.
  public static final History<RemoveTable> HISTORY =
      History.of(RemoveTable.class, new RemoveTable(false, true, true))
          .then(
              Fix.merged(
                  "9e52fc2b50de",
                  "x86/mm: Enable RCU based page table freeing (CONFIG_HAVE_RCU_TABLE_FREE=y)",
                  "v4.14-rc1",
                  new RemoveTable(true, true, true)))
          .then(
              Fix.merged(
                  "a6f572084fbe",
                  "mm/tlb: Remove tlb_remove_table() non-concurrent condition",
                  "v4.19-rc1",
                  new RemoveTable(true, false, true)))
          .then(
              Fix.merged(
                  "d86564a2f085",
                  "mm/tlb, x86/mm: Support invalidating TLB caches for RCU_TABLE_FREE",
                  "v4.19-rc1",
                  new RemoveTable(true, false, false)));

  /// Whether page-table pages are freed by RCU on this machine.
  public boolean byRcu(MachineProfile profile) {
    return switch (profile.tableFree()) {
      case IPI -> rcuOnX86 && profile.isOf("x86");
      case RCU -> true;
      case NONE -> false;
    };
  }
}
