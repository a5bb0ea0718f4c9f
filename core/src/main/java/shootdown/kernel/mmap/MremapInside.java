package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which offset mremap() takes for that of what it adds in place, which must fit to what is there.
///
/// ```text
/// release  | offset                              | old address within the VMA
/// ---------+-------------------------------------+-----------------------------
/// v2.6.12  | none: the VMA is made longer        | is as good as its start
/// v6.1-rc1 | the VMA's, and the old length       | ENOMEM
/// v6.2-rc1 | that of the page behind the VMA     | is as good as its start
/// ```
public enum MremapInside implements Decision {
  AS_FROM_START,
  /// ca3d76b0aa80
  WRONG_OFFSET,
  /// 6f12be792fde
  RIGHT_OFFSET;

  /// The decision in time. The second patch was read; the first hash and both releases are from
  /// memory.
  public static final History<MremapInside> HISTORY =
      History.of(MremapInside.class, AS_FROM_START)
          .then(
              Fix.merged(
                  "ca3d76b0aa80",
                  "mm: add merging after mremap resize",
                  "v6.1-rc1",
                  WRONG_OFFSET))
          .then(
              Fix.merged(
                  "6f12be792fde",
                  "mm, mremap: fix mremap() expanding vma with addr inside vma",
                  "v6.2-rc1",
                  RIGHT_OFFSET));
}
