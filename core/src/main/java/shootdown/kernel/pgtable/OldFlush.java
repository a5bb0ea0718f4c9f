package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether arm64 flushes an old entry that it clears (`pte_accessible()`). No TLB keeps one, once
/// those have forgotten it that did when it was young: as long as aging waited for that
/// ([AgingFlush]), to spare the flush made no difference.
public enum OldFlush implements Decision {
  SPARED,
  /// 07509e10dcc7
  DONE;

  /// The decision in time.
  public static final History<OldFlush> HISTORY =
      History.of(OldFlush.class, SPARED)
          .then(
              Fix.merged(
                  "07509e10dcc7",
                  "arm64: pgtable: Fix pte_accessible()",
                  "v5.10-rc6",
                  DONE));
}
