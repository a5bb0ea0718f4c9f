package shootdown.kernel.khugepaged;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which small pages may become part of a huge page.
///
/// ```text
/// release   | mapped elsewhere, too | part of a huge folio that PTEs map | if none is writable
/// ----------+-----------------------+------------------------------------+-------------------
/// v5.7      | no                    | no                                 | no
/// v5.8-rc1  | yes                   | yes                                | no
/// v6.18-rc1 | yes                   | yes                                | yes
/// ```
///
/// @param shared those that fork() shared
/// @param compound those of a folio that was huge before
/// @param readOnly those of a range in which no entry is writable
public record CollapsePages(boolean shared, boolean compound, boolean readOnly)
    implements Decision {
  /// The decision in time.
  public static final History<CollapsePages> HISTORY =
      History.of(CollapsePages.class, new CollapsePages(false, false, false))
          .then(
              Fix.merged(
                  "9445689f3b61",
                  "khugepaged: allow to collapse a page shared across fork",
                  "v5.8-rc1",
                  new CollapsePages(true, false, false)))
          .then(
              Fix.merged(
                  "5503fbf2b0b8",
                  "khugepaged: allow to collapse PTE-mapped compound pages",
                  "v5.8-rc1",
                  new CollapsePages(true, true, false)))
          .then(
              Fix.merged(
                  "62b98015d988",
                  "mm: enable khugepaged anonymous collapse on non-writable regions",
                  "v6.18-rc1",
                  new CollapsePages(true, true, true)));
}
