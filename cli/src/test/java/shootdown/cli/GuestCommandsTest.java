package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `run --guest` and `confirm` where there is no guest.
class GuestCommandsTest {
  private static final String TEST =
      """
      MM one

      (*
       * Fix: 0123456789ab ("mm: fix it")
       *)

      {
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
      }

      P0()
      {
        *x = 1;
      }

      exists (x=2)
      """;

  @TempDir private Path folder;

  private final Program program = new Program();
  private String test;
  private String image;

  @BeforeEach
  void write() throws IOException {
    var file = folder.resolve("one.litmus");
    Files.writeString(file, TEST);
    test = file.toString();
    image = folder.resolve("bzImage").toString();
  }

  @Test
  void anImageThatIsNotThereIsSaid() {
    assertEquals(4, program.run("run", test, "--guest", image), program::err);
    assertTrue(program.out().contains("there is no image " + image), program::out);
  }

  @Test
  void aKernelOfAnotherMachineIsRefused() throws IOException {
    Files.write(Path.of(image), new byte[4096]);
    assertEquals(4, program.run("run", test, "--guest", image), program::err);
    assertTrue(program.out().contains("is no bzImage, and workers are written for x86-64 only"));
  }

  @Test
  void optionsOfThisMachineAreNoneOfAGuests() {
    assertEquals(2, program.run("run", test, "--guest", image, "--cpus", "0"));
    assertEquals(2, program.run("run", test, "--guest", image, "--dir", "."));
    assertEquals(2, program.run("run", test, "--guest", image, "--smp", "0"));
    assertEquals(2, program.run("run", test, "--guest", image, "--smp", "17"));
    assertTrue(program.err().contains("--smp is a number from 1 to 16"), program::err);
  }

  @Test
  void withoutAnImageTheOtherRowsAreThere() {
    assertEquals(4, confirm(), program::err);
    var lines = program.out().lines().map(String::strip).toList();
    assertTrue(
        lines.stream().anyMatch(l -> l.matches("model +latest x86-64 +Never")), lines::toString);
    assertTrue(lines.stream().anyMatch(l -> l.startsWith("host ")), lines::toString);
    assertEquals(
        2, lines.stream().filter(l -> l.contains("not available: there is no image")).count());
    assertTrue(lines.getLast().startsWith("not confirmed: "), lines::getLast);
    assertTrue(lines.getLast().contains("guest/build"), lines::getLast);
  }

  @Test
  void aFixThatTheImageDoesNotKnowIsSaid() throws IOException {
    Files.writeString(Path.of(image), "");
    assertEquals(4, confirm(), program::err);
    assertTrue(program.out().contains("cannot take out 0123456789ab"), program::out);
  }

  @Test
  void aListOfFixesThatIsNoneIsSaid() throws IOException {
    Files.writeString(Path.of(image), "");
    Files.writeString(folder.resolve("fixes"), "0123456789ab\n");
    assertEquals(4, confirm(), program::err);
    assertTrue(program.out().contains("line 1 is not"), program::out);
  }

  @Test
  void aTestWithoutAFixCannotBeConfirmed() throws IOException {
    Files.writeString(Path.of(image), "");
    Files.writeString(Path.of(test), Files.readString(Path.of(test)).replace("Fix:", "Mend:"));
    assertEquals(4, confirm(), program::err);
    assertTrue(program.out().contains("the test has no line `Fix: COMMIT`"), program::out);
  }

  @Test
  void oneTestAtATime() throws IOException {
    Files.writeString(folder.resolve("two.litmus"), TEST.replace("MM one", "MM two"));
    assertEquals(2, program.run("confirm", folder.toString()));
    assertTrue(program.err().contains("confirm takes one test"), program::err);
  }

  private int confirm() {
    return program.run("confirm", test, "--guest", image, "--iterations", "10");
  }
}
