package shootdown.machine;

import java.util.OptionalInt;
import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// Page tables in memory, as the hardware walks them: each address space has PMD entries, each of
/// which points to a page-table page of [Layout#ptrsPerPte] PTEs, maps a huge page, or is none.
///
/// The levels above the PMD are folded: they are never changed, so nothing can go wrong in them.
///
/// What a PMD entry says is a [Pmd].
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
            v -> new Pmd(v).toString(),
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
    return pmds.at(space * layout.pmds() + vpn / layout.ptrsPerPte());
  }

  /// The PTE of page `vpn` in page-table page `table`.
  Word pte(int table, int vpn) {
    return ptes.at(table * layout.usedPtes() + vpn % layout.ptrsPerPte());
  }

  /// The PMD entry that covers page `vpn`, as it is now.
  public Pmd entry(int space, int vpn) {
    return new Pmd(pmd(space, vpn).read());
  }

  /// The page-table page of `vpn`, as the PMD entry says now; empty if none is there, or a huge
  /// page is mapped.
  public OptionalInt table(int space, int vpn) {
    var entry = entry(space, vpn);
    return entry.isTable() ? OptionalInt.of(entry.table()) : OptionalInt.empty();
  }

  public int tables() {
    return layout.tables();
  }
}
