package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a NUMA hinting fault at a large folio looks at the folio's other entries beyond the page
/// table that it has: mremap() may have moved the folio to an address that is no multiple of its
/// size.
public enum NumaRebuild implements Decision {
  WITHIN_TABLE,
  /// d2136d749d76
  WHOLE_FOLIO;

  /// The decision in time.
  public static final History<NumaRebuild> HISTORY =
      History.of(NumaRebuild.class, WITHIN_TABLE)
          .then(
              Fix.merged(
                  "d2136d749d76",
                  "mm: support multi-size THP numa balancing",
                  "v6.10-rc1",
                  WHOLE_FOLIO))
          .then(
              Fix.merged(
                  "cfdd12b48202",
                  "mm: fix possible OOB in numa_rebuild_large_mapping()",
                  "v6.10-rc5",
                  WITHIN_TABLE));
}
