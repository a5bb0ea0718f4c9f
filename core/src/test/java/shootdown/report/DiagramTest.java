package shootdown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shootdown.model.TestResult.Column;
import shootdown.model.TestResult.Execution;
import shootdown.model.TestResult.ExecutionStep;
import shootdown.model.TestResult.Kind;

/// What a reader may rely on in a diagram.
class DiagramTest {
  @Test
  void seed2() {
    Golden.check("lost-write.txt", Diagram.draw(Executions.lostWrite()));
  }

  @Test
  void seed1() {
    Golden.check("livelock.txt", Diagram.draw(Executions.livelock()));
  }

  @Test
  void threeTasks() {
    var execution =
        new Executions()
            .columns("P0", "P1", "K0")
            .steps(
                """
                0 r0 = *(x + PAGE);
                2 shrink(x);
                2   try_to_unmap
                2     = pte x: pfn 3 W D Y -> swap 1
                1 madvise(x, HPAGE, MADV_DONTNEED);
                0   = loads 0 from pfn 3
                """)
            .verdict("Nothing.");
    Golden.check("three-tasks.txt", Diagram.draw(execution));
  }

  @Test
  void moreTasksThanFitAreAList() {
    var execution =
        new Executions()
            .columns("P0", "P1", "P2", "P3", "K0")
            .steps("0 *x = 1;\n1 *x = 2;\n2 *x = 3;\n3 *x = 4;\n4 shrink(x);\n4   = pte x: D -> d")
            .verdict("See {5}.");
    Golden.check("five-tasks.txt", Diagram.draw(execution));
  }

  @Test
  void aFunctionInWhichNothingHappensIsNotShown() {
    String text = Diagram.draw(Executions.lostWrite());
    assertFalse(text.contains("lock_page"), text);
    assertFalse(text.contains("copy_vma"), text);
    assertFalse(text.contains("K0"), text);
  }

  @Test
  void aFunctionThatOnlyRepeatsItsStatementIsNotShown() {
    var steps = "0 r2 = munmap(x, PAGE);\n0   munmap\n0     do_munmap\n0       = pte x: D -> none";
    String text = Diagram.draw(new Executions().columns("P0").steps(steps).verdict("So."));
    assertTrue(text.contains("munmap(x, PAGE);\n        do_munmap\n   1      pte x"), text);
    String named = Diagram.draw(new Executions().columns("P0").steps(steps).verdict("{1}."));
    assertTrue(named.contains("\n   1    munmap\n          do_munmap\n   2"), named);
  }

  @Test
  void whatTheVerdictNamesIsShown() {
    var execution =
        new Executions()
            .columns("P0")
            .steps("0 munmap(x, PAGE);\n0   unmap_region\n0     = pte x: D -> none\n0   fput")
            .verdict("Both {1} and {3}; and {9}.");
    String text = Diagram.draw(execution);
    assertTrue(text.contains("   1    unmap_region\n"), text);
    assertTrue(text.contains("   3    fput\n"), text);
    assertTrue(text.endsWith("\nBoth 1 and 3; and 3.\n"), text);
  }

  @Test
  void noExecutionIsWiderThanAPageAndNothingIsLost() {
    for (int seed = 0; seed < 2_000; seed++) {
      Execution execution = random(new Random(seed));
      String text = Diagram.draw(execution);
      for (String line : text.lines().toList()) {
        assertTrue(Wrap.width(line) <= Diagram.WIDTH, "seed " + seed + ": " + line);
        assertEquals(line.stripTrailing(), line, "seed " + seed);
      }
      assertTrue(isThere(execution, text), "seed " + seed + "\n" + text);
    }
  }

  /// Every statement's and effect's ink is there, in order, column by column.
  private static boolean isThere(Execution execution, String text) {
    int from = 0;
    String ink = ink(text);
    for (ExecutionStep step : execution.steps()) {
      if (step.kind() != Kind.FUNCTION) {
        int at = ink.indexOf(ink(step.text()), from);
        if (at < 0) {
          return false;
        }
        from = at + ink(step.text()).length();
      }
    }
    return true;
  }

  /// Without blanks; and without task names, which a list puts before each line's first row only.
  private static String ink(String text) {
    return text.replaceAll("\\s", "");
  }

  private static Execution random(Random random) {
    int tasks = 1 + random.nextInt(7);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      columns.add(new Column(random.nextInt(9) == 0 ? "store buffer " + i : "P" + i, i));
    }
    List<ExecutionStep> steps = new ArrayList<>();
    int[] depth = new int[tasks];
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      int task = random.nextInt(tasks);
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      boolean deeper = kind == Kind.FUNCTION && random.nextInt(3) > 0;
      depth[task] = kind == Kind.STATEMENT ? 0 : Math.max(1, depth[task] + (deeper ? 1 : 0));
      steps.add(new ExecutionStep(task, depth[task], kind, words(random)));
    }
    boolean cycle = random.nextInt(4) == 0;
    return new Execution(
        columns, steps, words(random) + " {" + random.nextInt(50) + "}", "0*3",
        cycle ? OptionalInt.of(random.nextInt(length + 1)) : OptionalInt.empty());
  }

  private static String words(Random random) {
    var text = new StringBuilder();
    int words = 1 + random.nextInt(12);
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ");
      int letters = 1 + random.nextInt(random.nextInt(6) == 0 ? 130 : 9);
      for (int k = 0; k < letters; k++) {
        text.appendCodePoint("abcxyz019()|,;=_éπ→😀".codePoints().toArray()[random.nextInt(20)]);
      }
    }
    return text.toString();
  }
}
