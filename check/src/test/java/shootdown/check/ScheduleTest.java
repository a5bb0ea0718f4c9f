package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Schedules as text.
class ScheduleTest {
  @Test
  void textReadsBack() {
    var random = new Random(1);
    for (int i = 0; i < 200; i++) {
      var decisions = new ArrayList<Schedule.Decision>();
      for (int d = random.nextInt(20); d > 0; d--) {
        decisions.add(new Schedule.Decision(random.nextInt(3), random.nextInt(4) - 1));
      }
      var schedule = new Schedule(decisions);

      assertEquals(schedule, Schedule.parse(schedule.toString()));
    }
  }

  @ParameterizedTest
  @CsvSource({"0*12 1*3 0c1 0,17,2", "'',0,0", "1,1,0", "0c0 0 0c2,3,0", " 2  1 ,2,1"})
  void lengthAndSwitchesAreCounted(String text, int length, int switches) {
    var schedule = Schedule.parse(text);

    assertEquals(length, schedule.length());
    assertEquals(switches, schedule.switches());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "0*", "0c", "-1", "0*1c2", "0,1", "0*9999999999"})
  void whatIsNoScheduleIsRefused(String text) {
    var refused =
        assertThrows(IllegalArgumentException.class, () -> Schedule.parse("0 " + text));

    assertTrue(refused.getMessage().contains("'"), refused.getMessage());
  }
}
