package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private static final Map<String, String> BOTH =
      Map.of("shootdown.stdout", "terminal", "shootdown.stderr", "terminal");

  private static final Map<String, String> NONE = Map.of();

  @Test
  void theLauncherSaysWhatIsATerminal() {
    assertEquals(new Screen(true, true, true), Screen.of(BOTH::get, NONE::get));
    assertEquals(new Screen(false, false, true), Screen.of(NONE::get, NONE::get));
  }

  @Test
  void noColorIsHonouredUnlessItIsEmpty() {
    assertEquals(new Screen(true, true, false), on(Map.of("NO_COLOR", "1")));
    assertEquals(new Screen(true, true, true), on(Map.of("NO_COLOR", "")));
  }

  @Test
  void aDumbTerminalIsNone() {
    assertEquals(new Screen(false, false, true), on(Map.of("TERM", "dumb")));
  }

  private static Screen on(Map<String, String> environment) {
    return Screen.of(BOTH::get, environment::get);
  }
}
