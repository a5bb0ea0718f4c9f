package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which page of the file a futex in a huge page of shared memory is in, as its key says.
///
/// ```text
/// release  | of a page that is not the first
/// ---------+-----------------------------------------------------------------------
/// v4.8-rc1 | what its own page->index holds, which nobody sets: 0, as far as we know
/// v5.13    | its own
/// ```
public enum FutexPgoff implements Decision {
  PAGE_INDEX,
  /// fe19bd3dae3d
  PAGE_TO_PGOFF;

  /// The decision in time.
  public static final History<FutexPgoff> HISTORY =
      History.of(FutexPgoff.class, PAGE_INDEX)
          .then(
              Fix.merged(
                  "fe19bd3dae3d",
                  "mm, futex: fix shared futex pgoff on shmem huge page",
                  "v5.13",
                  PAGE_TO_PGOFF));
}
