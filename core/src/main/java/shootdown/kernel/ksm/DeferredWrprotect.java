package shootdown.kernel.ksm;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether KSM trusts an entry that is read-only and clean already. Who has made it so may flush
/// later, under mmap_lock for reading, as KSM: MADV_FREE makes it clean, clear_refs read-only.
///
/// ```text
/// release   | write_protect_page()                | clear_refs says that it has not flushed yet
/// ----------+-------------------------------------+--------------------------------------------
/// v4.13-rc4 | flushes what it changes             | no
/// v4.13-rc5 | and if some flush is pending        | by a gather
/// ```
public enum DeferredWrprotect implements Decision {
  /// nobody asks
  TRUSTED,
  /// b3a81d0841a9
  FLUSHED;

  /// The decision in time.
  public static final History<DeferredWrprotect> HISTORY =
      History.of(DeferredWrprotect.class, TRUSTED)
          .then(
              Fix.merged(
                  "b3a81d0841a9", "mm: fix KSM data corruption", "v4.13-rc5", FLUSHED));

  /// Whether clear_refs gathers.
  public boolean clearRefsGathers() {
    return this == FLUSHED;
  }

  /// Whether KSM asks if some flush is pending.
  boolean ksmAsks() {
    return this == FLUSHED;
  }
}
