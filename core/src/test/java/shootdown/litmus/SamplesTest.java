package shootdown.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What stands in the sample files stands in their trees.
final class SamplesTest {
  @Test
  void firstExample() {
    LitmusTest test = Samples.test("mremap+mkclean");
    assertEquals("mremap+mkclean", test.name());
    assertEquals(
        Map.of("f", GlobalKind.FILE, "x", GlobalKind.ADDRESS, "y", GlobalKind.ADDRESS),
        test.globals());
    assertEquals(List.of("f", "x", "y"), List.copyOf(test.globals().keySet()));
    assertEquals(6, test.thread(0).body().statements().size());
    assertEquals(List.of("r1"), List.copyOf(test.thread(0).registers()));
    assertEquals(1, test.thread(1).cpu());
    assertThrows(IllegalArgumentException.class, () -> test.thread(2));
    Statement move = test.thread(1).body().statements().getFirst();
    assertEquals("31:3", move.at().toString());
    assertEquals(
        "mremap(x, PAGE, PAGE, MREMAP_MAYMOVE|MREMAP_FIXED, y);", Printer.oneLine(move));
    Condition.Over condition = assertInstanceOf(Condition.Over.class, test.condition());
    assertEquals(
        List.of(new Observable.Signal(0), new Observable.Register(0, "r1")),
        List.copyOf(condition.observables()));
  }

  @Test
  void factsOfTheHeader() {
    Header header = Samples.test("mremap+mkclean").header();
    FixLine fix = header.fixes().getFirst();
    assertEquals("5d1904204c99", fix.commit());
    assertEquals("mremap: fix race between mremap() and page cleanning", fix.title());
    assertEquals("8:4", fix.at().toString());
    ResultLine result = header.results().getFirst();
    assertEquals(new Selector.Named("v4.9-rc5", new Position(9, 12, 8)), result.release());
    assertEquals(new Selector.Any(), result.machine());
    assertEquals(ResultLine.Verdict.SOMETIMES, result.verdict());
    assertEquals(List.of(Oracle.LOST_WRITE), result.oracles());
    assertEquals(3, header.comment().lines().count());
  }

  @Test
  void resultsOverTwoLinesAndInOtherComments() {
    Header header = Samples.test("everything").header();
    assertEquals("mm: a title that is so long that it needs two lines",
        header.fixes().getFirst().title());
    assertEquals(
        List.of(
            "Result: v2.6.32.1+0123456789ab-ba9876543210 arm64-swad Sometimes, lost write, "
                + "livelock, kernel bug",
            "Result: latest Always",
            "Result: v3.0+2efaca927f5c~noflush-1b17844b29ae ppc44x Never",
            "Result: v6.12-rc1 Never, deadlock"),
        header.results().stream().map(HeaderPrinter::result).toList());
    assertEquals("Each construct of the language once, so that what is printed can be compared "
        + "with what was read.\n\n  Indented lines and a quotation of C, (*p == 1, stay as they "
        + "are.", header.comment());
  }

  @Test
  void oraclesAlone() {
    List<ResultLine> results = Samples.test("oracles-only").header().results();
    assertEquals(ResultLine.Verdict.VIOLATED, results.getFirst().verdict());
    assertEquals(List.of(Oracle.STALE_ACCESS, Oracle.USE_AFTER_FREE), results.getFirst().oracles());
    assertEquals(ResultLine.Verdict.CLEAN, results.get(1).verdict());
  }

  @Test
  void kthreadsGetCpusOfTheirOwn() {
    List<LitmusThread> threads = Samples.parsed("<test>",
        "MM t\n{ }\nkthread K0() { }\nP0() { }\nkthread K1() { }\nP1() @cpu 4 { }\n").threads();
    assertEquals(List.of(5, 0, 6, 4), threads.stream().map(LitmusThread::cpu).toList());
  }

  @Test
  void laterStagesCanPointAtAPlace() {
    ParseResult.Parsed parsed = assertInstanceOf(ParseResult.Parsed.class,
        Litmus.parse("a/mremap+mkclean.litmus", Samples.text("mremap+mkclean")));
    Selector.Named release = assertInstanceOf(
        Selector.Named.class, parsed.test().header().results().getFirst().release());
    assertEquals("""
        a/mremap+mkclean.litmus:9:12: error: no such release
         * Result: v4.9-rc5 Sometimes, lost write
                   ^~~~~~~~""",
        parsed.source().diagnostic(release.at(), "no such release")
            .render(parsed.source().fileName()));
  }
}
