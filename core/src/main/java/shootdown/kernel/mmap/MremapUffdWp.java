package shootdown.kernel.mmap;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// What becomes of the mark that userfaultfd has write-protected a page where mremap() moves it.
/// The VMA is not registered at its new place, unless UFFD_FEATURE_EVENT_REMAP was asked for.
public enum MremapUffdWp implements Decision {
  /// The mark moves, too: whoever registers the new place finds it.
  MOVES,
  /// 0cef0bb836e3
  CLEARED;

  /// The entry at its new place.
  Pte moved(Pte entry, Vma from) {
    return clears(from) ? entry.without(Pte.UFFD_WP) : entry;
  }

  /// Whether entries of the VMA have to be looked at one by one.
  boolean clears(Vma from) {
    return this == CLEARED && from.userfaultfdArmed();
  }

  /// The decision in time. The merge of 13 January 2025 came after v6.13-rc7.
  public static final History<MremapUffdWp> HISTORY =
      History.of(MremapUffdWp.class, MOVES)
          .then(
              Fix.merged(
                  "0cef0bb836e3",
                  "mm: clear uffd-wp PTE/PMD state on mremap()",
                  "v6.13",
                  CLEARED));
}
