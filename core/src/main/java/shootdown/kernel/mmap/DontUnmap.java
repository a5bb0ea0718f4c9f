package shootdown.kernel.mmap;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which mappings mremap() may empty with MREMAP_DONTUNMAP. Like other flags it is taken by
/// releases, too, that did not have it yet: those before v5.7.
public enum DontUnmap implements Decision {
  PRIVATE_ANONYMOUS,
  /// a4609387859f
  ALL;

  /// The decision in time.
  public static final History<DontUnmap> HISTORY =
      History.of(DontUnmap.class, PRIVATE_ANONYMOUS)
          .then(
              Fix.merged(
                  "a4609387859f",
                  "mm: extend MREMAP_DONTUNMAP to non-anonymous mappings",
                  "v5.13-rc1",
                  ALL));

  boolean allows(Vma vma) {
    return this == ALL || vma.anonymous() && !vma.shared();
  }
}
