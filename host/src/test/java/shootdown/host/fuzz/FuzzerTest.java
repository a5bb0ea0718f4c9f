package shootdown.host.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import shootdown.host.run.HostFailure;
import shootdown.host.worker.Functions;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Printer;
import shootdown.litmus.SystemCall;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class FuzzerTest {
  private static final String KERNEL = "latest";
  private static final int FEW = 5;

  @TempDir private Path folder;

  @Test
  void aProgramIsAFunctionOfItsSeedAndNumber() {
    assertEquals(text(3, 17), text(3, 17));
    assertEquals(
        Printer.print(ProgramGenerator.concurrent(3, 17)),
        Printer.print(ProgramGenerator.concurrent(3, 17)));
    var different = new HashSet<String>();
    for (int i = 0; i < 100; i++) {
      different.add(text(3, i));
    }
    assertEquals(100, different.size());
    assertNotEquals(text(3, 1), text(4, 1));
  }

  private static String text(long seed, long number) {
    return Printer.print(ProgramGenerator.sequential(seed, number));
  }

  /// Neither a whole program nor what its threads do, where that is more than a few statements.
  @Test
  void programsOfDifferentSeedsAreDifferent() {
    var seen = new HashMap<String, String>();
    for (long seed = 0; seed < 40; seed++) {
      for (long number = 0; number < 100; number++) {
        var test = ProgramGenerator.sequential(seed, number);
        if (test.threads().getFirst().body().statements().size() >= FEW) {
          String program = Printer.print(test);
          String threads = program.substring(program.indexOf('}'), program.indexOf("exists"));
          String name = "program " + number + " of seed " + seed;
          assertNull(seen.put(threads, name), () -> name + ":\n" + program);
        }
      }
    }
  }

  /// Numbers of threads are not the same on the model and on a machine.
  @Test
  void nothingReckonsWithNumbersOfThreads() {
    var programs = IntStream.range(0, 2000).mapToObj(i -> text(5, i)).toList();
    var owned = programs.stream().filter(p -> p.contains("FUTEX_TRYLOCK_PI")).toList();
    var reckoned = programs.stream().filter(p -> p.contains("FUTEX_WAKE_OP")).toList();
    assertFalse(owned.isEmpty());
    assertFalse(reckoned.isEmpty());
    assertTrue(Collections.disjoint(owned, reckoned));
  }

  /// Whatever is generated can be written to a file and read again.
  @Test
  void programsCallAllOfTheTable() {
    var called = EnumSet.noneOf(SystemCall.class);
    for (int i = 0; i < 500; i++) {
      var test = i % 2 == 0 ? ProgramGenerator.sequential(9, i) : ProgramGenerator.concurrent(9, i);
      called.addAll(Functions.in(test));
      assertInstanceOf(
          ParseResult.Parsed.class,
          Litmus.parse(test.name() + ".litmus", Printer.print(test)),
          () -> Printer.print(test));
    }
    var table = EnumSet.noneOf(SystemCall.class);
    for (var call : SystemCall.values()) {
      if (call.where() == SystemCall.Where.THREAD || call.where() == SystemCall.Where.PROCESS) {
        table.add(call);
      }
    }
    // where a userfaultfd watches, a thread waits for ever: a program would need a handler
    table.removeAll(EnumSet.of(SystemCall.USERFAULTFD, SystemCall.IOCTL));
    assertEquals(table, called);
  }

  @Test
  void everyProgramIsRunAndCounted() throws HostFailure {
    var told = new ArrayList<Long>();
    var tally = new Tally();
    new Fuzzer(Repertoire.ALL, folder, KERNEL, tally)
        .run(7, 100, 400, 1000, _ -> {}, t -> told.add(t.programs()));
    assertEquals(300, tally.programs());
    assertEquals(List.of(250L, 300L), told);
    assertTrue(tally.agreements() > 200, () -> "agree: " + tally.agreements());
  }

  @Test
  void whatTwoThreadsShowIsAmongTheOutcomes() throws HostFailure {
    var tally = new Tally();
    new PairFuzzer(Repertoire.ALL, folder, KERNEL, 50, tally).run(7, 0, 4, 1000, _ -> {}, _ -> {});
    assertEquals(4, tally.programs());
  }

  /// A kernel that did not know an advice differs from today's.
  @Test
  void aDifferenceIsFoundAndMadeSmall() throws HostFailure {
    var test =
        parse(
            """
            MM old
            {
              x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

            }
            P0()
            {
              *x = 1;
              r1 = *x;
              r4 = fork(P1);
              r5 = wait(P1);
              r2 = madvise(x, PAGE, MADV_COLD);
              r3 = msync(x, PAGE, MS_SYNC);
            }
            child P1()
            {
              r1 = *x;
            }
            exists (0:sig=0 /\\ 0:r1=1 /\\ 0:r2=0 /\\ 0:r3=0 /\\ 0:r4=2 /\\ 1:r1=1)
            """);
    var fuzzer = new Fuzzer(Repertoire.ALL, folder, "v5.0", new Tally());
    var difference = fuzzer.compare(test).orElseThrow();
    var smallest = new Shrinker<HostFailure>(fuzzer::compare).smallest(difference);
    assertEquals(1, smallest.test().threads().size());
    assertEquals(1, smallest.test().threads().getFirst().body().statements().size());
    var values = smallest.values("the model", "the host");
    assertTrue(values.contains("0:r2=-22"), values);
  }

  private static LitmusTest parse(String text) {
    return switch (Litmus.parse("old.litmus", text)) {
      case ParseResult.Parsed(var test, _) -> test;
      case ParseResult.Rejected rejected -> throw new IllegalArgumentException(rejected.render());
    };
  }
}
