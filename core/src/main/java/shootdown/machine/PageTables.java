package shootdown.machine;

import java.util.OptionalInt;
import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// Page tables in memory, as the hardware walks them: each address space has PMD entries, each of
/// which points to a page-table page of [Layout#PTRS_PER_PTE] PTEs, or to nothing.
///
/// The levels above the PMD are folded: they are never changed, so nothing can go wrong in them.
///
/// ```text
/// pmd entry:  0 none     table + 1: the page-table page `table`
/// ```
public final class PageTables {
  private final Layout layout;
  private final Words pmds;
  private final Words ptes;

  PageTables(Program program, Layout layout) {
    this.layout = layout;
    this.pmds =
        program.words(
            i -> "PMD" + i % layout.pmds() + "/mm" + i / layout.pmds(),
            layout.spaces() * layout.pmds(),
            0,
            v -> v == 0 ? "none" : "table " + (v - 1),
            false);
    this.ptes =
        program.words(
            i -> "table" + i / layout.usedPtes() + "[" + i % layout.usedPtes() + "]",
            layout.tables() * layout.usedPtes(),
            0,
            v -> new Pte(v).toString(),
            false);
  }

  /// The PMD entry that covers page `vpn`.
  public Word pmd(int space, int vpn) {
    return pmds.at(space * layout.pmds() + vpn / Layout.PTRS_PER_PTE);
  }

  /// The PTE of page `vpn` in page-table page `table`.
  Word pte(int table, int vpn) {
    return ptes.at(table * layout.usedPtes() + vpn % Layout.PTRS_PER_PTE);
  }

  /// The page-table page of `vpn`, as the PMD entry says now.
  public OptionalInt table(int space, int vpn) {
    long entry = pmd(space, vpn).read();
    return entry == 0 ? OptionalInt.empty() : OptionalInt.of((int) (entry - 1));
  }

  public int tables() {
    return layout.tables();
  }
}
