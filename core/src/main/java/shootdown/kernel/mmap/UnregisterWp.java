package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether UFFDIO_UNREGISTER ends the write-protection of pages.
public enum UnregisterWp implements Decision {
  /// Entries keep their mark, which means nothing until the VMA is registered again.
  STAYS,
  /// f369b07c8614
  RESET;

  /// The decision in time.
  public static final History<UnregisterWp> HISTORY =
      History.of(UnregisterWp.class, STAYS)
          .then(
              Fix.merged(
                  "f369b07c8614",
                  "mm/uffd: reset write protection when unregister with wp-mode",
                  "v6.0-rc3",
                  RESET));
}
