package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What is in a huge PMD entry while clear_refs makes it read-only. It holds mmap_lock for
/// reading, and so does MADV_DONTNEED, which looks at the entry without the PMD lock and goes on if
/// nothing is there.
///
/// ```text
/// release    | meanwhile
/// -----------+--------------------------------
/// v4.11-rc6  | nothing: MADV_DONTNEED misses it
/// v4.11-rc7  | the entry, made invalid
/// ```
///
/// Left out: releases that split the entry instead, and those before v4.4 that wrote back what they
/// had read.
public enum ClearSoftDirtyPmd implements Decision {
  CLEARED,
  /// 5b7abeae3af8
  INVALID;

  /// The decision in time; the release is that of the fixes that were sent with it.
  public static final History<ClearSoftDirtyPmd> HISTORY =
      History.of(ClearSoftDirtyPmd.class, CLEARED)
          .then(
              Fix.merged(
                  "5b7abeae3af8",
                  "thp: fix MADV_DONTNEED vs clear soft dirty race",
                  "v4.11-rc7",
                  INVALID));
}
