package shootdown.host.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shootdown.host.guest.Frame.Kind;
import shootdown.host.run.HostFailure;
import shootdown.host.steer.Steering;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.Status;
import shootdown.host.worker.WorkerAddresses;
import shootdown.host.worker.WorkerProgram;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;

/// What a guest sends becomes a histogram.
class RecordsTest {
  private static final String SOURCE =
      """
      MM one

      {
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
      }

      P0()
      {
        r1 = *x;
      }

      exists (0:r1=1)
      """;

  private final ParseResult.Parsed parsed =
      (ParseResult.Parsed) Litmus.parse("one.litmus", SOURCE);
  private final WorkerProgram program =
      WorkerProgram.of(parsed.test(), Path.of("/ring"), Path.of("/mnt"), 1);
  private final Records records =
      new Records(
          parsed.test(),
          program,
          new Records.Told(List.of("/a", "/b"), 1_000_000_000L),
          new Steering(program.slots(), 1, 0, Optional.empty()),
          (_, _) -> false);

  @Test
  void recordsAreCounted() throws Exception {
    records.add(recordsFrame(record(0, 1), record(1, 0)));
    records.add(recordsFrame(record(2, 1)));
    assertEquals(Map.of("0:r1=0;", 1L, "0:r1=1;", 2L), Map.copyOf(records.outcomes()));
    assertEquals(3, records.rounds());
    assertEquals(Map.of("x", 4096L), records.globals());
  }

  @Test
  void aRecordThatIsMissingIsNoticed() throws Exception {
    records.add(recordsFrame(record(0, 1)));
    var wrong = assertThrows(IOException.class, () -> records.add(recordsFrame(record(2, 1))));
    assertEquals("record 1 has number 2", wrong.getMessage());
  }

  @Test
  void filesAreKnownByTheirPlaceInTheList() throws Exception {
    records.add(text(Kind.FILE_BEFORE, 1, "5\n"));
    records.add(text(Kind.FILE_AFTER, 1, "12\n"));
    assertEquals(Map.of("/b", "5"), records.before());
    assertEquals(Map.of("/b", "12"), records.after());
  }

  /// 3,000 ticks in 1,000 ns: a round of 600 ticks takes 200 ns.
  @Test
  void ticksAreToldInNanoseconds() throws Exception {
    records.add(clock(10_000, 5_000));
    assertTrue(records.hasBegun());
    records.add(clock(13_000, 6_000));
    records.add(end(Status.DONE, Control.DURATION, 600));
    assertTrue(records.hasEnded());
    assertEquals(200, records.roundNanos());
  }

  @Test
  void aWorkerThatFailsSaysAtWhat() {
    int step = program.steps().size() - 1;
    var frame = end(Status.FAILED, Control.DETAIL, step);
    frame.contents().putLong(Control.DETAIL_2, -12);
    var wrong = assertThrows(HostFailure.class, () -> records.add(frame));
    assertEquals(
        program.steps().get(step) + " failed in the guest: error number 12", wrong.getMessage());
  }

  @Test
  void aWorkerThatEndsEarlyIsAFailure() {
    for (var status : List.of(Status.STARTING, Status.RUNNING, Status.CRASHED)) {
      assertThrows(HostFailure.class, () -> records.add(end(status, Control.DETAIL, 0)));
    }
  }

  private ByteBuffer record(long number, long r1) {
    var slots = program.slots();
    var record =
        ByteBuffer.allocate(slots.recordWords() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(0, number);
    record.putLong(Long.BYTES, WorkerAddresses.OFFSET + 4096);
    record.putLong(slots.firstObserved() * Long.BYTES, r1);
    return record;
  }

  private static Frame recordsFrame(ByteBuffer... records) {
    var all =
        ByteBuffer.allocate(records.length * records[0].capacity())
            .order(ByteOrder.LITTLE_ENDIAN);
    for (var record : records) {
      all.put(record);
    }
    return new Frame(Kind.RECORDS, 0, all);
  }

  private static Frame clock(long ticks, long nanos) {
    var words = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    words.putLong(ticks).putLong(nanos);
    return new Frame(Kind.CLOCK, 0, words);
  }

  private static Frame text(Kind kind, int number, String text) {
    return new Frame(kind, number, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private Frame end(Status status, int offset, long value) {
    var control =
        ByteBuffer.allocate(program.slots().ring()).order(ByteOrder.LITTLE_ENDIAN);
    control.putLong(Control.STATUS, status.ordinal());
    control.putLong(offset, value);
    return new Frame(Kind.ENDED, 0, control);
  }
}
