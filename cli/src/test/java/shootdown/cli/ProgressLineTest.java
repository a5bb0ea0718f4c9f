package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;

class ProgressLineTest {
  private static final String ERASE = "\r\u001B[K";

  private final StringWriter err = new StringWriter();
  private long now = 5_000_000_000L;
  private final ProgressLine line = new ProgressLine(new PrintWriter(err), () -> now);

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
    String shown = ERASE + "[0 of 4 done] t v6.1 armv7: 1,234,567 states, 100,000 a second";
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

  private void tell() {
    tell("t");
  }

  private void tell(String name) {
    ScopedValue.where(Jobs.CURRENT, job(name)).run(() -> line.at(1_234_567, 1e5, 10));
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
