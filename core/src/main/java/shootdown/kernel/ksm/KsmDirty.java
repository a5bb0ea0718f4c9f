package shootdown.kernel.ksm;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Who knows that a page was stored to which becomes a KSM page. It may be in the swap cache, with
/// older contents on swap; who unmaps an anonymous page does not look whether the entry was dirty.
///
/// ```text
/// release     | afterwards the page is dirty | its entry
/// ------------+------------------------------+-----------
/// v2.6.36-rc6 | if it was                    | stays dirty
/// v2.6.36-rc7 | always                       | is clean
/// ```
///
/// That releases up to v4.4 made it dirty only if the entry was, makes no difference before there
/// is MADV_FREE.
public enum KsmDirty implements Decision {
  IN_ENTRY,
  /// 4e31635c367a
  IN_PAGE;

  /// The decision in time.
  public static final History<KsmDirty> HISTORY =
      History.of(KsmDirty.class, IN_ENTRY)
          .then(
              Fix.merged(
                  "4e31635c367a", "ksm: fix bad user data when swapping", "v2.6.36-rc7", IN_PAGE));
}
