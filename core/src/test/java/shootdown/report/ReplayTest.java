package shootdown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import shootdown.check.Schedule;

class ReplayTest {
  @Test
  void aShellTakesItForOneCommand() {
    assertEquals(
        "shootdown check 'my tests/it'\\''s.litmus' --kernel v4.8+5d1904204c99 --machine x86-64",
        Replay.command("my tests/it's.litmus", "v4.8+5d1904204c99", "x86-64"));
  }

  @Test
  void aLongScheduleIsWrappedWithinItsQuotesAndStaysWhatItIs() {
    String schedule = String.join(" ", Collections.nCopies(80, "0*12 1 0c1"));
    List<String> lines = Replay.lines(Results.lostWrite(), schedule, 100);
    assertTrue(lines.size() > 5, lines::toString);
    assertTrue(lines.stream().allMatch(line -> line.length() <= 100), lines::toString);
    assertTrue(lines.getFirst().endsWith(" \\"), lines::toString);

    String rest = String.join("\n", lines.subList(1, lines.size()));
    String quoted = rest.substring(rest.indexOf('\'') + 1, rest.lastIndexOf('\''));
    assertEquals(Schedule.parse(schedule), Schedule.parse(quoted));
  }
}
