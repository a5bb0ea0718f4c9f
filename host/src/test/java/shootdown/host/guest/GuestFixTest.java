package shootdown.host.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shootdown.host.run.HostFailure;

class GuestFixTest {
  private static final Path GUEST = Path.of("../guest");

  private static final Set<String> KERNELS_OWN = Set.of("numa=fake=2");
  private static final String WAIT = "_wait";
  private static final Pattern PARAMETER = Pattern.compile("shootdown\\.(\\w+)=\\d+");

  @TempDir private Path folder;

  @Test
  void aLineIsAFix() {
    assertEquals(
        List.of(
            new GuestFix("0123456789ab", "a.b=1", "", "a.wait=3 d=1", Optional.of("w"), "m"),
            new GuestFix("ba9876543210", "c=2", "c=0", "", Optional.empty(), "n")),
        GuestFix.parse(
            List.of(
                "# a remark", "", "0123456789ab a.b=1 - a.wait=3,d=1 w m",
                "  ba9876543210   c=2  c=0 - - n")));
  }

  @Test
  void whatIsNoLineIsAnErrorWithItsNumber() {
    for (var line :
        List.of("0123456789ab a=1 - - w", "5d19 a=1 - - w m", "0123456789ab 1 2 3 4 5 6")) {
      var wrong =
          assertThrows(
              IllegalArgumentException.class, () -> GuestFix.parse(List.of("# first", line)));
      assertTrue(wrong.getMessage().startsWith("line 2 "), wrong.getMessage());
    }
  }

  @Test
  void theListLiesBesideTheImage() throws IOException, HostFailure {
    var image = folder.resolve("bzImage");
    assertEquals(List.of(), GuestFix.of(image));
    Files.writeString(folder.resolve("fixes"), "0123456789ab a=1 - - w m\n");
    assertEquals("0123456789ab", GuestFix.of(image).getFirst().commit());
    Files.writeString(folder.resolve("fixes"), "nonsense\n");
    var wrong = assertThrows(HostFailure.class, () -> GuestFix.of(image));
    assertTrue(wrong.getMessage().contains("line 1"), wrong.getMessage());
  }

  /// A parameter that the kernel does not know changes nothing, and a control would prove nothing.
  @Test
  void theKernelKnowsEachParameterAndEachWindowOfTheList() throws IOException {
    var source = Files.readString(GUEST.resolve("kernel/shootdown.c"));
    var fixes = GuestFix.parse(Files.readAllLines(GUEST.resolve("fixes")));
    assertTrue(fixes.size() > 1);
    for (var fix : fixes) {
      var all = String.join(" ", fix.without(), fix.with(), fix.both()).strip();
      for (var text : all.split(" +")) {
        if (KERNELS_OWN.contains(text)) {
          continue;
        }
        var found = PARAMETER.matcher(text);
        assertTrue(found.matches(), text);
        String name = found.group(1);
        boolean isWait = name.endsWith(WAIT);
        String of = isWait ? name.substring(0, name.length() - WAIT.length()) : name;
        assertTrue(source.contains(isWait ? window(of) : "module_param(" + of + ","), text);
      }
      fix.window().ifPresent(window -> assertTrue(source.contains(window(window)), window));
    }
  }

  /// What gives a window its parameters.
  private static String window(String name) {
    return "WINDOW(" + name + ");";
  }
}
