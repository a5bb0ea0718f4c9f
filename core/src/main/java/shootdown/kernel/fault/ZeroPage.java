package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What a read of a private anonymous page maps that nobody has stored to.
///
/// ```text
/// release    | it maps
/// -----------+------------------------------------------------------
/// v2.6.31    | a page of its own (since v2.6.24, 557ed1fa2620)
/// v2.6.32-rc1| the zero page, read-only, which counts neither that
///            | nor who maps it
/// ```
///
/// Before v2.6.24 it was the zero page, counted as any other: that is left out.
public enum ZeroPage implements Decision {
  NEVER,
  /// a13ea5b75964
  READ_FAULTS;

  /// The decision in time. The patch was discussed in September 2009, after v2.6.31.
  public static final History<ZeroPage> HISTORY =
      History.of(ZeroPage.class, NEVER)
          .then(
              Fix.merged("a13ea5b75964", "mm: reinstate ZERO_PAGE", "v2.6.32-rc1", READ_FAULTS));
}
