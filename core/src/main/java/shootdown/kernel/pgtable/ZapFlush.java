package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// How `zap_pte_range()` keeps `page_mkclean()` from cleaning a page that other CPUs still write to
/// through their TLBs: the dirty bit goes to the folio when the PTE is cleared, and writeback may
/// take it from there.
///
/// ```text
/// release    | dirty file page: flush under the PTL | counts as mapped until then
/// -----------+--------------------------------------+-----------------------------
/// v3.15-rc3  | no                                   | no
/// v3.15-rc4  | yes                                  | no: folio_mkclean() looks no further
/// v6.2-rc1   | yes                                  | yes
/// ```
///
/// A gather that is full ([GatherRange]) is flushed after the lock is dropped, before v3.15-rc4.
public interface ZapFlush extends Decision {
  /// Whether a file page's entry, as it was taken out of the page table, must be flushed before the
  /// page-table lock is dropped (`force_flush`).
  boolean forces(Pte taken);

  /// Whether a gather that is full is flushed before that, too, and not afterwards.
  boolean fullUnderLock();

  /// Whether the folio counts as mapped until that flush (`delay_rmap`).
  boolean delaysRmap(Pte taken);

  /// Flushes and frees at the end of the gather only, the page-table lock long dropped.
  ZapFlush AT_END = new Rule(false, false);

  /// 1cf35d47712d: flushes dirty file pages before the lock is dropped, frees later.
  ZapFlush DIRTY_UNDER_LOCK = new Rule(true, false);

  /// 5df397dec7c4: and the mapping count drops after that flush only.
  ZapFlush DIRTY_UNDER_LOCK_RMAP_LATER = new Rule(true, true);

  History<ZapFlush> HISTORY =
      History.of(ZapFlush.class, AT_END)
          .then(
              Fix.merged(
                  "1cf35d47712d",
                  "mm: split 'tlb_flush_mmu()' into tlb flushing and memory freeing parts",
                  "v3.15-rc4",
                  DIRTY_UNDER_LOCK))
          .then(
              Fix.merged(
                  "5df397dec7c4",
                  "mm: delay page_remove_rmap() until after the TLB has been flushed",
                  "v6.2-rc1",
                  DIRTY_UNDER_LOCK_RMAP_LATER));

  /// The rules that Linux had.
  ///
  /// @param dirtyForces a dirty entry forces a flush
  /// @param rmapLater and its folio counts as mapped until then
  record Rule(boolean dirtyForces, boolean rmapLater) implements ZapFlush {
    @Override
    public boolean forces(Pte taken) {
      return dirtyForces && taken.dirty();
    }

    @Override
    public boolean fullUnderLock() {
      return dirtyForces;
    }

    @Override
    public boolean delaysRmap(Pte taken) {
      return rmapLater && taken.dirty();
    }
  }
}
