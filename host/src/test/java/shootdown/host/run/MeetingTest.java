package shootdown.host.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import shootdown.host.worker.Control;
import shootdown.host.worker.Plan;
import shootdown.host.worker.Plan.Delay;
import shootdown.host.worker.Plan.Line;
import shootdown.host.worker.Plan.Place;
import shootdown.host.worker.WorkerProgram;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;

/// Two threads of a worker meet where a plan says so, on the kernel of the machine that runs the
/// tests.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class MeetingTest {
  private static final int ROUNDS = 300;
  private static final long FOR_EVER = 1L << 60;
  private static final Delay NONE = new Delay(0, 0, 0);
  private static final String SOURCE =
      """
      MM two

      {
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
      }

      P0()
      {
        x[0] = 1;
        r0 = x[1];
        if (r0 == 7) {
          mlock(x, PAGE);
        }
      }

      P1()
      {
        x[1] = 1;
        r1 = x[0];
      }

      exists (0:r0=1 /\\ 1:r1=1)
      """;

  @TempDir private Path folder;

  private static Place place(int thread, int point) {
    return new Place(thread, point);
  }

  /// Each has stored before the other one loads.
  @Test
  void whoHasMetHasDoneWhatStandsBefore() throws Exception {
    var both = Map.of("0:r0=1; 1:r1=1;", (long) ROUNDS);
    assertEquals(both, run(new Line(1, place(0, 2), place(1, 2), NONE, FOR_EVER)));
    assertEquals(both, run(new Line(1, place(1, 2), place(0, 2), NONE, FOR_EVER)));
    var late = new Delay(1000, 5000, 700);
    assertEquals(both, run(new Line(1, place(1, 2), place(0, 2), late, FOR_EVER)));
  }

  /// P0 never comes to its third point: P1 goes on when P0 has ended, and sees what it stored.
  @Test
  void nobodyWaitsForOneThatHasEnded() throws Exception {
    var seen = run(new Line(1, place(0, 3), place(1, 2), NONE, FOR_EVER));
    assertEquals(ROUNDS, seen.values().stream().mapToLong(n -> n).sum());
    assertTrue(seen.keySet().stream().allMatch(o -> o.endsWith("1:r1=1;")), seen::toString);
  }

  @Test
  void nobodyWaitsLongerThanItsPatience() throws Exception {
    // a thread cannot meet itself
    var seen = run(new Line(1, place(1, 1), place(1, 2), NONE, 1000));
    assertEquals(ROUNDS, seen.values().stream().mapToLong(n -> n).sum());
  }

  private Map<String, Long> run(Line line) throws Exception {
    var test = test();
    try (var own = new Workplace(folder)) {
      var program = WorkerProgram.withMeetings(test, own.shared(), own.folder(), 2);
      var slots = program.slots();
      var outcomes = new Outcomes(test, slots);
      try (var memory = own.share(slots.size())) {
        memory.write(Control.LIMIT, ROUNDS);
        memory.write(Control.ALARM, 60);
        var cpus = Cpus.allowed();
        for (int i = 0; i < 2; i++) {
          memory.write(Control.word(i, Control.ThreadWord.RANDOM), i + 1);
          int cpu = cpus.get(i % cpus.size());
          memory.write(Control.affinity(i) + cpu / Long.SIZE * Long.BYTES, 1L << cpu);
        }
        var plan = new Plan(Collections.nCopies(Plan.LINES, line)).bytes();
        var words = ByteBuffer.wrap(plan).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < plan.length; at += Long.BYTES) {
          memory.write(slots.plan() + at, words.getLong(at));
        }
        var process = own.start(program.file());
        try {
          assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the worker hangs");
        } finally {
          process.destroyForcibly();
        }
        assertEquals(ROUNDS, memory.read(Control.PRODUCED));
        for (int i = 0; i < ROUNDS; i++) {
          long at = slots.ring() + (long) i * slots.recordWords() * Long.BYTES;
          assertEquals(1, memory.words(at, slots.way(), slots.way() + 1)[0]);
          outcomes.add(memory.words(at, 0, slots.recordWords()));
        }
      }
      return new TreeMap<>(outcomes.byText());
    }
  }

  private static LitmusTest test() {
    return ((ParseResult.Parsed) Litmus.parse("two.litmus", SOURCE)).test();
  }
}
