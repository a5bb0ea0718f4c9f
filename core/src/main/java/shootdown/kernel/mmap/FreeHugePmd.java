package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What is in a huge PMD entry while MADV_FREE takes its dirty and young bits. As for
/// [ChangeHugePmd], MADV_DONTNEED of another thread must not find nothing.
///
/// ```text
/// release    | meanwhile
/// -----------+--------------------------------
/// v4.11-rc6  | nothing: MADV_DONTNEED misses it
/// v4.11-rc7  | the entry, made invalid
/// ```
public enum FreeHugePmd implements Decision {
  CLEARED,
  /// 58ceeb6bec86
  INVALID;

  /// The decision in time.
  public static final History<FreeHugePmd> HISTORY =
      History.of(FreeHugePmd.class, CLEARED)
          .then(
              Fix.merged(
                  "58ceeb6bec86",
                  "thp: fix MADV_DONTNEED vs. MADV_FREE race",
                  "v4.11-rc7",
                  INVALID));
}
