package shootdown.kernel.gup;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether `fixup_user_fault()` asks if the VMA allows the access. If it does not ask, it succeeds
/// on a read-only mapping, and whoever retries a write there retries for ever.
public record FixupRights(boolean checked) implements Decision {
  public static final History<FixupRights> HISTORY =
      History.of(FixupRights.class, new FixupRights(false))
          .then(
              Fix.merged(
                  "1b17844b29ae",
                  "mm: make fixup_user_fault() check the vma access rights too",
                  "v3.15-rc3",
                  new FixupRights(true)));
}
