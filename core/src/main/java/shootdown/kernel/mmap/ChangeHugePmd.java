package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What is in a huge PMD entry while `change_huge_pmd()` changes its rights. The scanner of NUMA
/// balancing does so with mmap_lock held for reading; MADV_DONTNEED, which does not hold more,
/// looks at the entry without the PMD lock and goes on if nothing is there.
///
/// ```text
/// release    | meanwhile
/// -----------+--------------------------------
/// v4.11-rc6  | nothing: MADV_DONTNEED misses it
/// v4.11-rc7  | the entry, made invalid
/// ```
public enum ChangeHugePmd implements Decision {
  CLEARED,
  /// ced108037c2a
  INVALID;

  /// The decision in time.
  public static final History<ChangeHugePmd> HISTORY =
      History.of(ChangeHugePmd.class, CLEARED)
          .then(
              Fix.merged(
                  "ced108037c2a",
                  "thp: fix MADV_DONTNEED vs. numa balancing race",
                  "v4.11-rc7",
                  INVALID));
}
