package shootdown.kernel.swap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// Whether swap entries and migration entries know that userfaultfd has write-protected the page.
/// It came with write-protection itself (v5.7-rc1), so no release was without.
public enum UffdWpEntries implements Decision {
  /// The page comes back as one that anybody may write, and is not protected while it is away.
  FORGET,
  /// f45ec5ff16a7
  KNOW;

  /// An entry that takes the place of `old`.
  public Pte carried(Pte old, Pte entry) {
    return this == KNOW ? entry.with(old.bits() & Pte.UFFD_WP) : entry;
  }

  /// The decision in time.
  public static final History<UffdWpEntries> HISTORY =
      History.of(UffdWpEntries.class, FORGET)
          .then(
              Fix.merged(
                  "f45ec5ff16a7",
                  "userfaultfd: wp: support swap and page migration",
                  "v5.7-rc1",
                  KNOW));
}
