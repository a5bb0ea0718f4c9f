package shootdown.host.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.host.run.HostFailure;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Printer;

class HugeProgramsTest {
  @TempDir private Path folder;

  /// Whatever is generated can be written to a file and read again, and asks for huge pages.
  @Test
  void programsAreTests() {
    for (int i = 0; i < 100; i++) {
      var test =
          i % 2 == 0 ? HugeGenerator.sequential(3, i) : HugeGenerator.concurrent(3, i);
      String text = Printer.print(test);
      assertInstanceOf(
          ParseResult.Parsed.class, Litmus.parse(test.name() + ".litmus", text), () -> text);
      assertTrue(text.contains("MADV_HUGEPAGE"), () -> text);
    }
  }

  /// A huge page of the model has four pages: borders are in the same order there and where it has
  /// 512, and what is moved lies among them as before.
  @Test
  void rangesMeanTheSameForEverySizeOfAHugePage() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      var from = Borders.any(random);
      var to = from.target(random);
      for (var range : List.of(from, to, from.shorter(random))) {
        assertTrue(pages(range.from(), 4) < pages(range.to(), 4), range::toString);
        assertTrue(pages(range.from(), 512) < pages(range.to(), 512), range::toString);
      }
      int shift = pages(to.from(), 512) - pages(from.from(), 512);
      boolean few = pages(from.to(), 512) - pages(from.from(), 512) <= 2;
      assertTrue(few || shift % 512 == 0, () -> from + " to " + to);
    }
  }

  private static int pages(Borders.Border border, int size) {
    return border.huge() * size + border.small();
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "v5.10", "v4.9"})
  void hugePagesAreNotSeen(String kernel) {
    var found = new ArrayList<Difference>();
    var tally = new Tally();
    new SmallTwin(kernel, tally).run(7, 0, 60, 1, found::add);
    assertEquals(List.of(), found);
    assertEquals(60, tally.programs());
    assertTrue(tally.agreements() > 50, () -> "agree: " + tally.agreements());
  }

  /// The result of a collapse tells.
  @Test
  void aDifferenceIsFoundAndMadeSmall() {
    var test =
        parse(
            """
            MM told
            {
              y = reserve(HPAGE);
              x = mmap(y, HPAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0);
              madvise(x, HPAGE, MADV_HUGEPAGE);
            }
            P0()
            {
              r1 = mprotect(x, HPAGE, PROT_READ);
              r2 = madvise(x, HPAGE, MADV_COLLAPSE);
              r3 = munmap(x, PAGE);
            }
            exists (0:sig=0 /\\ 0:r1=0 /\\ 0:r2=0 /\\ 0:r3=0)
            """);
    var twin = new SmallTwin("latest", new Tally());
    var difference = twin.compare(test).orElseThrow();
    var smallest = new Shrinker<RuntimeException>(twin::compare).smallest(difference);
    assertEquals(1, smallest.test().threads().getFirst().body().statements().size());
    assertEquals("small has 0:r2=0, huge 0:r2=-22", smallest.values("small", "huge"));
  }

  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  @Test
  void everyProgramIsRunAndCounted() throws HostFailure {
    var tally = new Tally();
    new Fuzzer(Repertoire.HUGE, folder, "latest", tally).run(7, 0, 40, 1000, _ -> {}, _ -> {});
    assertEquals(40, tally.programs());
    assertTrue(tally.agreements() > 20, () -> "agree: " + tally.agreements());
  }

  private static LitmusTest parse(String text) {
    return switch (Litmus.parse("told.litmus", text)) {
      case ParseResult.Parsed(var test, _) -> test;
      case ParseResult.Rejected rejected -> throw new IllegalArgumentException(rejected.render());
    };
  }
}
