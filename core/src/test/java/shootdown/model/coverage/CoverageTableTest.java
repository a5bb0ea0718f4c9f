package shootdown.model.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shootdown.kernel.data.LockOrder;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;

/// `docs/COVERAGE.md` says what the code does.
class CoverageTableTest {
  private static final Path DOCS = Path.of("../docs");

  private static List<LeftOut> leftOut() throws IOException {
    return LeftOut.of(Files.readAllLines(DOCS.resolve("left-out.txt")));
  }

  /// All but the column of tests, which takes minutes: `./shootdown coverage` compares that.
  @Test
  void thePageIsUpToDate() throws IOException {
    var page = Files.readString(DOCS.resolve("COVERAGE.md"));
    var now = CoverageTable.of(Modelled.all(), leftOut(), List.of());
    assertEquals(
        String.join("\n", CoverageTable.withoutTests(now)),
        String.join("\n", CoverageTable.withoutTests(page)),
        "write it anew: ./shootdown coverage --write");
  }

  @Test
  void nothingIsBothModelledAndLeftOut() throws IOException {
    assertEquals(List.of(), CoverageTable.contradictions(Modelled.all(), leftOut()));
    assertEquals(
        List.of("mm/a.c: f"),
        CoverageTable.contradictions(
            List.of(new Modelled("mm/a.c", "f", "", "A", "f")),
            List.of(new LeftOut("mm/a.c", "f", "why"), new LeftOut("mm/b.c", "f", "why"))));
  }

  /// A test that maps, stores and unmaps runs what does that, and no futex.
  @Test
  void aTestRunsWhatItsThreadsDo() {
    var test =
        (ParseResult.Parsed)
            Litmus.parse(
                "-",
                """
                MM covered

                {
                  x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
                }

                P0() { *x = 1; munmap(x, PAGE); }
                """);
    var ran = TestCoverage.of("-", test);
    var functions =
        Modelled.all().stream()
            .filter(m -> m.isAmong(ran.methods()))
            .map(Modelled::function)
            .toList();
    assertTrue(functions.contains("do_anonymous_page"), functions::toString);
    assertTrue(functions.contains("zap_pte_range"), functions::toString);
    assertFalse(functions.contains("ptep_clear_flush"), functions::toString);
    assertFalse(functions.stream().anyMatch(f -> f.startsWith("futex")), functions::toString);
    assertFalse(functions.contains("do_mremap"), functions::toString);
  }

  @Test
  void aRowHasFunctionPlaceAndTests() {
    var page =
        CoverageTable.of(
            List.of(
                new Modelled("mm/a.c", "f", "", "p.A", "g"),
                new Modelled("mm/a.c", "h", "this | that", "p.A$B", "")),
            List.of(new LeftOut("mm/b.c", "k", "Why.")),
            List.of(
                new TestCoverage("litmus/x/long.litmus", Set.of("p.A.g", "p.C.c")),
                new TestCoverage("litmus/x/short.litmus", Set.of("p.A.g")),
                new TestCoverage("litmus/x/other.litmus", Set.of("p.A.gg"))));
    assertTrue(
        page.contains("| `f` of mm/a.c | `A.g` |  | 2: `x/short`, `x/long` |\n"), page);
    assertTrue(page.contains("| `h` of mm/a.c | `A.B` | this \\| that | - |\n"), page);
    assertTrue(page.contains("\nWhy.\n\n- mm/b.c: `k`\n"), page);
    assertTrue(page.contains("1 functions are modelled whole, 1 in part; 1 are left out"), page);
  }

  @Test
  void theLockOrderIsTheOneThatIsChecked() {
    var page = CoverageTable.of(List.of(), List.of(), List.of());
    int last = -1;
    for (var lock : LockOrder.values()) {
      int at = page.indexOf("| `" + lock.lockClass().name() + "` | `" + lock.linux() + "` | ");
      assertTrue(at > last, lock + " is not below the one before it:\n" + page);
      last = at;
    }
  }

  @Test
  void aListThatSaysNothingIsRefused() {
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> LeftOut.of(List.of("Why.", "  mm/a.c  f, g", "  mm/b.c")));
    assertTrue(wrong.getMessage().startsWith("line 3 is neither"), wrong::getMessage);
    assertThrows(
        IllegalArgumentException.class, () -> LeftOut.of(List.of("  mm/a.c  no_reason")));
  }
}
