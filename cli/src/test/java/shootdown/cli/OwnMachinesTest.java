package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--machine FILE.txt`: a machine of the user's own.
class OwnMachinesTest {
  private static final String SEED = "../litmus/seeds/mremap+mkclean.litmus";
  private static final String LIKE_X86 =
      "x86-mine  hw hw ipi drops none none none any ipi yes flush tso  like x86-64\n";

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int check(String file, String text) throws IOException {
    var path = Files.writeString(folder.resolve(file), text);
    return run(path.toString());
  }

  private int run(String machine) {
    var command = Main.commandLine(new ModelPlanner(), new Screen(false, false, false));
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return Main.execute(command, "check", SEED, "--kernel", "v4.8", "--machine", machine);
  }

  @Test
  void aMachineLikeX86ShowsWhatX86Does() throws IOException {
    assertEquals(1, check("mine.txt", "# mine\n" + LIKE_X86), err::toString);
    assertTrue(out.toString().contains("Sometimes, lost write"), out::toString);
    assertTrue(
        out.toString().contains("--machine " + folder.resolve("mine.txt")), out::toString);
  }

  @Test
  void whereTlbsHoldNothingStaleNothingIsLost() throws IOException {
    assertEquals(0, check("coherent.txt", LIKE_X86.replace(" ipi drops", " entry drops")));
    assertTrue(out.toString().contains("Never"), out::toString);
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() throws IOException {
    assertEquals(2, check("bad.txt", "\n" + LIKE_X86.replace("hw hw", "hw maybe")));
    assertTrue(
        err.toString().contains("bad.txt:2: error: column 3 is 'maybe', not one of hw, sw"),
        err::toString);
    assertEquals(2, check("two.txt", LIKE_X86 + LIKE_X86.replace("mine", "other")));
    assertTrue(err.toString().contains("two.txt: holds 2 machines, not one"), err::toString);
    assertEquals(2, check("none.txt", "# nothing\n"));
    assertTrue(err.toString().contains("none.txt: holds 0 machines, not one"), err::toString);
    assertEquals(2, run("no-such.txt"));
    assertTrue(err.toString().contains("no-such.txt: no such file"), err::toString);
    assertEquals("", out.toString());
  }
}
