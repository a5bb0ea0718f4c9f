package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How clear_refs makes an entry read-only.
///
/// ```text
/// release  | the entry is
/// ---------+-------------------------------------------------------------------------
/// v4.3     | read, then written over: what the hardware sets in between is lost
/// v4.4-rc1 | cleared, then set
/// ```
public enum ClearSoftDirty implements Decision {
  OVERWRITTEN,
  /// 326c2597a3b1
  CLEARED;

  /// The decision in time.
  public static final History<ClearSoftDirty> HISTORY =
      History.of(ClearSoftDirty.class, OVERWRITTEN)
          .then(
              Fix.merged(
                  "326c2597a3b1", "mm: clear pte in clear_soft_dirty()", "v4.4-rc1", CLEARED));
}
