package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which dirty and young bits the PTEs get that take the place of a huge PMD entry. Until the entry
/// is invalid the hardware may set them in it.
///
/// ```text
/// release   | the entry is read                        | made invalid
/// ----------+------------------------------------------+-----------------------------------------
/// v4.15     | first, for the PTEs                      | then: read again, and written back: what
///           |                                          | the hardware set meanwhile is lost
/// v4.16-rc1 | by the exchange that makes it invalid    | first
/// ```
public enum PmdpInvalidate implements Decision {
  READ_BEFORE,
  /// d52605d7cb30
  EXCHANGED;

  /// The decision in time.
  public static final History<PmdpInvalidate> HISTORY =
      History.of(PmdpInvalidate.class, READ_BEFORE)
          .then(
              Fix.merged(
                  "d52605d7cb30",
                  "mm: do not lose dirty and accessed bits in pmdp_invalidate()",
                  "v4.16-rc1",
                  EXCHANGED));
}
