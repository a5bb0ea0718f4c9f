package shootdown.model.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import shootdown.machine.Profiles;
import shootdown.model.time.CostTable.Kind;
import shootdown.sched.Cost;
import shootdown.sched.LockClass;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Timing.Step;

/// Which lines of the table are meant by a step.
class LitmusTimingTest {
  private final Program program = new Program();
  private final int word = program.word("word", 0).index();
  private final int spin = program.lock("ptl", new LockClass("ptl", 1, false, false)).index();
  private final int mutex = program.lock("mutex", new LockClass("mutex", 0, true, false)).index();

  private LitmusTiming on(String machine) {
    return new LitmusTiming(
        program, Profiles.find(machine).orElseThrow(), w -> w == mutex, 0);
  }

  private static List<Cost> of(Kind... kinds) {
    return Stream.of(kinds).map(CostTable.KNOWN::of).toList();
  }

  private Step step(OpKind kind, int on, List<String> inside, String... entered) {
    return new Step(0, kind, on, inside, List.of(entered));
  }

  @Test
  void operations() {
    var timing = on("x86-64");
    assertEquals(of(Kind.ACCESS), timing.costs(step(OpKind.READ, word, List.of())));
    assertEquals(of(Kind.ATOMIC), timing.costs(step(OpKind.SWAP, word, List.of())));
    assertEquals(of(Kind.ATOMIC), timing.costs(step(OpKind.LOCK, spin, List.of())));
    assertEquals(List.of(), timing.costs(step(OpKind.CHOOSE, -1, List.of())));
  }

  @Test
  void theKernelIsEnteredOnce() {
    var inside = List.of("munmap(x, PAGE);", "do_munmap", "unmap_vmas");
    assertEquals(
        of(Kind.ACCESS, Kind.SYSTEM_CALL),
        on("x86-64")
            .costs(step(OpKind.READ, word, inside, "munmap(x, PAGE);", "do_munmap", "unmap_vmas")));
    assertEquals(
        of(Kind.ACCESS), on("x86-64").costs(step(OpKind.READ, word, inside, "unmap_vmas")));
    assertEquals(
        of(Kind.ACCESS, Kind.PAGE_FAULT),
        on("x86-64")
            .costs(step(OpKind.READ, word, List.of("*x = 1;", "page_fault"), "page_fault")));
  }

  @Test
  void flushesAreAsTheMachineDoesThem() {
    var shootdown = step(OpKind.AWAIT, word, List.of("f", "shootdown"), "shootdown");
    assertEquals(of(Kind.ACCESS, Kind.IPI), on("x86-64").costs(shootdown));
    assertEquals(of(Kind.ACCESS, Kind.TLBI), on("arm64").costs(shootdown));
  }

  @Test
  void whereNoDiskIsNothingIsRead() {
    var inside = List.of("f", "insert and read");
    assertEquals(
        of(Kind.ACCESS, Kind.DISK),
        on("x86-64").costs(step(OpKind.IS, word, inside, "insert and read")));
    assertEquals(
        of(Kind.ACCESS, Kind.PAGE),
        on("x86-64").costs(step(OpKind.IS, mutex, inside, "insert and read")));
  }

  @Test
  void whoWaitsSleepsOrSpins() {
    var timing = on("x86-64");
    assertEquals(of(Kind.HAND_OVER), timing.resuming(step(OpKind.LOCK, spin, List.of())));
    assertEquals(of(Kind.WAKE_UP), timing.resuming(step(OpKind.LOCK, mutex, List.of())));
    assertEquals(of(Kind.WAKE_UP), timing.resuming(step(OpKind.AWAIT, word, List.of())));
    assertEquals(
        of(Kind.STORE_BUFFER),
        timing.resuming(step(OpKind.AWAIT, word, List.of("store drains"))));
  }

  @Test
  void threadsPauseBeforeStatements() {
    var timing =
        new LitmusTiming(program, Profiles.find("x86-64").orElseThrow(), _ -> false, 500);
    var begins = step(OpKind.READ, word, List.of("*x = 1;"), "*x = 1;");
    assertTrue(timing.costs(begins).contains(new Cost.UpTo(500, true)));
    assertEquals(
        of(Kind.ACCESS), timing.costs(step(OpKind.READ, word, List.of("*x = 1;", "f"), "f"))
            .stream().filter(c -> !c.equals(CostTable.KNOWN.of(Kind.SYSTEM_CALL))).toList());
  }

  @Test
  void aStaleTranslationIsUsedAsOftenAsTheTableSays() {
    var random = new SplittableRandom(1);
    var access = step(OpKind.CHOOSE, -1, List.of("*x = 1;", "access"));
    int[] counts = new int[3];
    for (int i = 0; i < 10_000; i++) {
      counts[on("x86-64").choose(access, 3, random)]++;
    }
    assertEquals(0.1, counts[0] / 1e4, 0.01);
    assertEquals(0.45, counts[1] / 1e4, 0.02);
  }

  /// Half below the median, nine of ten below the other.
  @Test
  void costsAreAsTheTableSays() {
    var random = new SplittableRandom(1);
    var samples = new ArrayList<Double>();
    for (int i = 0; i < 10_000; i++) {
      samples.add(CostTable.KNOWN.of(Kind.DISK).sample(random));
    }
    samples.sort(null);
    assertEquals(100e3, samples.get(5_000), 5e3);
    assertEquals(400e3, samples.get(9_000), 30e3);
  }

  @Test
  void aTableThatSaysNothingIsABug() {
    assertThrows(CostTable.TableError.class, () -> CostTable.parse(List.of()));
    assertThrows(
        CostTable.TableError.class, () -> CostTable.parse(List.of("access 4 60")));
    assertThrows(
        CostTable.TableError.class, () -> CostTable.parse(List.of("acces 4ns 60ns")));
  }
}
