package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether mremap() moves a huge page by its PMD entry. Before, it split it: 37a1c49a91ad,
/// v3.2-rc1.
public enum MoveHugeWhole implements Decision {
  NO,
  YES;

  /// The decision in time.
  public static final History<MoveHugeWhole> HISTORY =
      History.of(MoveHugeWhole.class, NO)
          .then(
              Fix.merged(
                  "37a1c49a91ad",
                  "thp: mremap support and TLB optimization",
                  "v3.2-rc1",
                  YES));
}
