package shootdown.kernel.reclaim;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a page that gets a swap slot is marked dirty by that. MADV_FREE may have made it clean
/// just before: a page that is not written because it is clean is not on swap.
public interface AddToSwapDirty extends Decision {
  boolean marks();

  /// It counts on a dirty PTE.
  AddToSwapDirty NO = () -> false;

  /// 9625456cc763: always.
  AddToSwapDirty YES = () -> true;

  History<AddToSwapDirty> HISTORY =
      History.of(AddToSwapDirty.class, NO)
          .then(
              Fix.merged(
                  "9625456cc763",
                  "mm: fix data corruption caused by lazyfree page",
                  "v4.14-rc4",
                  YES));
}
