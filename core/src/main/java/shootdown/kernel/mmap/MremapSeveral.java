package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether mremap() moves more than one VMA, and the gaps between them, if the length stays. What
/// came with it (9b2301bf8d65): it looks at the source before it unmaps the target.
public interface MremapSeveral extends Decision {
  /// Whether it does.
  boolean moves();

  /// It fails with EFAULT; what was mapped at the target is gone by then.
  MremapSeveral NO = () -> false;

  /// d23cb648e365: one after the other.
  MremapSeveral YES = () -> true;

  History<MremapSeveral> HISTORY =
      History.of(MremapSeveral.class, NO)
          .then(
              Fix.merged(
                  "d23cb648e365",
                  "mm/mremap: permit mremap() move of multiple VMAs",
                  "v6.17-rc1",
                  YES));
}
