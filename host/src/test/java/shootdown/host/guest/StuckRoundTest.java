package shootdown.host.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shootdown.host.guest.Frame.Kind;
import shootdown.host.run.HostFailure;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.worker.Slots;
import shootdown.host.worker.WorkerProgram;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;

/// What is said of a round that does not end, from what `/proc` of a guest said.
class StuckRoundTest {
  private static final long PATIENCE = 5_000_000_000L;
  private static final String ASLEEP = "17 (worker) S 1 1 0 0 -1 4194560 0 0 0 0 2 3 0 0";
  private static final String BUSY = "17 (worker) R 1 1 0 0 -1 4194560 0 0 0 0 2 490 0 0";

  private LitmusTest test;
  private Slots slots;
  private ByteBuffer control;

  @BeforeEach
  void twoThreadsHaveStarted() {
    var source =
        """
        MM two

        {
          x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
        }

        P0()
        {
          r1 = futex(x, FUTEX_WAIT, 0);
        }

        P1()
        {
          r1 = *x;
        }
        """;
    var parsed = (ParseResult.Parsed) Litmus.parse("two.litmus", source);
    test = parsed.test();
    slots = WorkerProgram.of(test, Path.of("/ring"), Path.of("/mnt"), 2).slots();
    control = ByteBuffer.allocate(slots.ring()).order(ByteOrder.LITTLE_ENDIAN);
    for (int thread = 0; thread < 2; thread++) {
      control.putLong(Control.word(thread, ThreadWord.STARTED), 1);
      control.putLong(Control.word(thread, ThreadWord.TID), 70 + thread);
    }
    control.putLong(Control.word(1, ThreadWord.ENDED), 1);
  }

  @Test
  void aThreadThatSleepsInFutexIsAsleep() throws HostFailure {
    assertEquals("P0 asleep;", round(ASLEEP, "202 0x1 0x2").text());
  }

  @Test
  void aThreadThatHasUsedTheTimeInTheKernelNeverEnds() throws HostFailure {
    assertEquals("P0 never ends;", round(BUSY, "running").text());
  }

  /// Whatever waits for what it held is in no state of its own.
  @Test
  void aThreadThatIsDeadWasKilledByTheKernel() throws HostFailure {
    control.putLong(Control.word(1, ThreadWord.ENDED), 0);
    var round = round(ASLEEP.replace(" S ", " Z "), "-1 0x0 0x0");
    assertTrue(round.isKilled());
    assertEquals("P0 killed by the kernel;", round.text());
    assertFalse(round(BUSY, "running").isKilled());
  }

  @Test
  void aThreadOfWhichNeitherIsKnownIsAFailure() {
    for (var stat : new String[] {ASLEEP, BUSY.replace(" 490 ", " 3 "), ""}) {
      var wrong = assertThrows(HostFailure.class, () -> round(stat, "running").text());
      assertTrue(wrong.getMessage().contains("P0"), wrong.getMessage());
    }
  }

  @Test
  void aThreadThatHasNotBegunIsAFailure() {
    control.putLong(Control.word(0, ThreadWord.STARTED), 0);
    assertThrows(HostFailure.class, () -> round(ASLEEP, "202 0x1").text());
  }

  @Test
  void registersAreThoseOfTheMoment() {
    control.putLong(slots.register(test.thread(1), "r1"), 42);
    var round = round(ASLEEP, "202 0x1");
    int first = slots.firstObserved();
    assertArrayEquals(
        new long[] {0, 0, 42, 0}, Arrays.copyOfRange(round.record(), first, first + 4));
    assertArrayEquals(
        new long[] {70, 71}, Arrays.copyOfRange(round.record(), slots.firstTid(), first));
  }

  private StuckRound round(String stat, String call) {
    var round = new StuckRound(test, slots, new Frame(Kind.STUCK, 0, control), PATIENCE);
    round.stat(text(Kind.STUCK_STAT, stat));
    round.call(text(Kind.STUCK_CALL, call));
    return round;
  }

  private static Frame text(Kind kind, String text) {
    return new Frame(kind, 0, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
