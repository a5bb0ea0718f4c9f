package shootdown.kernel.gup;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// What `get_user_pages()` tells a PMD entry of its use. A dirty entry passed for a copy of the
/// caller's own: see [ForcedWrite].
///
/// ```text
/// release    | the entry becomes
/// -----------+--------------------------------------------
/// v4.15-rc1  | young and dirty, whatever the use
/// v4.15-rc2  | young, and dirty if it is to be written to
/// ```
public enum TouchPmd implements Decision {
  DIRTY,
  /// a8f97366452e
  AS_USED;

  /// The bits to set.
  long bits(int flags) {
    return this == DIRTY || Gup.writes(flags) ? Pte.YOUNG | Pte.DIRTY : Pte.YOUNG;
  }

  /// The decision in time. The patch is of 27 November 2017, after v4.15-rc1.
  public static final History<TouchPmd> HISTORY =
      History.of(TouchPmd.class, DIRTY)
          .then(
              Fix.merged(
                  "a8f97366452e",
                  "mm, thp: Do not make page table dirty unconditionally in touch_p[mu]d()",
                  "v4.15-rc2",
                  AS_USED));
}
