package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;

class ProgressLineTest {
  private static final String ERASE = "\r\u001B[K";

  private final StringWriter err = new StringWriter();
  private long now = 5_000_000_000L;
  private final ProgressLine line = on(ProgressLine.Place.TERMINAL);

  @Test
  void aShortRunIsNotShown() {
    tell();
    now += 900_000_000L;
    tell();
    line.clear();
    assertEquals("", err.toString());
  }

  @Test
  void aLongRunIsShownOnOneLineThatGoesAway() {
    line.planned(4);
    tell();
    now += 1_100_000_000L;
    tell();
    String shown =
        ERASE + "[0 of 4 done] t v6.1 armv7: 1,234,567 states, 100,000 a second, depth 10";
    assertEquals(shown, err.toString());
    tell();
    line.clear();
    line.clear();
    assertEquals(shown + shown + ERASE, err.toString());
  }

  @Test
  void itCountsWhatIsDone() {
    line.planned(4);
    assertThrows(IllegalStateException.class, () -> line.counting(job("t")).check().run());
    tell();
    now += 2_000_000_000L;
    tell();
    assertTrue(err.toString().contains("[1 of 4 done]"), err::toString);
  }

  @Test
  void itFitsOnALine() {
    tell("t".repeat(60));
    now += 2_000_000_000L;
    tell("t".repeat(60));
    assertTrue(err.toString().length() <= ERASE.length() + 79, err::toString);
  }

  @Test
  void itSaysWhatIsDoneAndHowLongTheRestMayTake() {
    assertTrue(after(10, 0.25).contains(": about 25 %, 30 s left; 5 states, 9 a"), err::toString);
    assertTrue(after(100, 0.25).contains("about 25 %, 5 min left"), err::toString);
    assertTrue(after(1000, 0.125).contains(" %, 2 h left"), err::toString);
    assertTrue(after(10, 0).contains("armv7: 5 states"), err::toString);
  }

  private String after(int seconds, double done) {
    err.getBuffer().setLength(0);
    var fresh = on(ProgressLine.Place.TERMINAL);
    ScopedValue.where(Jobs.CURRENT, job("t"))
        .run(
            () -> {
              fresh.at(1, 1, 1, 0);
              now += seconds * 1_000_000_000L;
              fresh.at(5, 9, 7, done);
            });
    return err.toString();
  }

  @Test
  void whereThereIsNoTerminalItIsALineAMinute() {
    var log = on(ProgressLine.Place.ELSEWHERE);
    ScopedValue.where(Jobs.CURRENT, job("t"))
        .run(
            () -> {
              for (int quarters = 0; quarters <= 4 * 150; quarters++) {
                log.at(quarters, 4, 7, 0.5);
                now += 250_000_000L;
              }
            });
    log.clear();
    assertEquals(
        List.of(
            "shootdown: t v6.1 armv7: about 50 %, 60 s left; 240 states, 4 a second, depth 7",
            "shootdown: t v6.1 armv7: about 50 %, 2 min left; 480 states, 4 a second, depth 7"),
        err.toString().lines().toList());
  }

  private ProgressLine on(ProgressLine.Place place) {
    return new ProgressLine(place, new PrintWriter(err), () -> now);
  }

  private void tell() {
    tell("t");
  }

  private void tell(String name) {
    ScopedValue.where(Jobs.CURRENT, job(name)).run(() -> line.at(1_234_567, 1e5, 10, 0));
  }

  private static Job job(String name) {
    String text = "MM " + name + "\n\n{ }\n\nP0() { r0 = 1; }\n";
    var parsed =
        (ParseResult.Parsed) Litmus.parse("-", text.getBytes(StandardCharsets.UTF_8));
    Job.Check never = () -> {
      throw new IllegalStateException("only its name is wanted");
    };
    return new Job("-", parsed.test(), "v6.1", "armv7", never);
  }
}
