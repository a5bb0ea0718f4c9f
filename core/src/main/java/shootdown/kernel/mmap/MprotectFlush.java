package shootdown.kernel.mmap;

import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// How mprotect() flushes the entries that it changed.
///
/// ```text
/// release   | flushes                                    | sees that others gather, too
/// ----------+--------------------------------------------+------------------------------
/// v5.18     | each VMA's pages, if it changed any entry  | no
/// v5.19-rc1 | what lost a right, once, at the end        | yes
/// ```
///
/// Others that gather at the same time hold no mmap_lock: they truncate a file.
public enum MprotectFlush implements Decision {
  /// `change_protection_range()` flushes.
  EACH_VMA,
  /// 4a18419f71cd: an mmu_gather does.
  GATHERED;

  /// Whether an entry that was changed must be flushed.
  @Models(
      file = "arch/x86/include/asm/tlbflush.h",
      function = "pte_needs_flush",
      leavesOut = "other ports, most of which flush every entry")
  boolean pteNeedsFlush(Pte old, Pte now) {
    return this == EACH_VMA
        || old.present() && (!now.present() || old.writable() != now.writable());
  }

  /// The decision in time.
  public static final History<MprotectFlush> HISTORY =
      History.of(MprotectFlush.class, EACH_VMA)
          .then(
              Fix.merged(
                  "4a18419f71cd", "mm/mprotect: use mmu_gather", "v5.19-rc1", GATHERED));
}
