package shootdown.host.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import shootdown.host.run.HostFailure;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class FuzzerTest {
  @TempDir private Path folder;

  @Test
  void aProgramIsAFunctionOfItsSeedAndNumber() {
    assertEquals(ProgramGenerator.program(3, 17), ProgramGenerator.program(3, 17));
    var different = new HashSet<String>();
    for (int i = 0; i < 100; i++) {
      different.add(ProgramGenerator.program(3, i));
    }
    assertEquals(100, different.size());
    assertNotEquals(ProgramGenerator.program(3, 1), ProgramGenerator.program(4, 1));
  }

  @Test
  void everyProgramIsRunAndCounted() throws HostFailure {
    var told = new ArrayList<Fuzzer.Tally>();
    var fuzzer = new Fuzzer(folder, "latest", told::add);
    fuzzer.run(7, 100, 400, 1000, _ -> {});
    assertEquals(300, fuzzer.tally().compared() + fuzzer.tally().tooLarge());
    assertEquals(2, told.size());
    assertTrue(fuzzer.tally().compared() > 200, () -> fuzzer.tally().toString());
  }

  /// A kernel that did not know an advice differs from today's.
  @Test
  void aDifferenceIsFoundAndMadeSmall() throws HostFailure {
    var test =
        Fuzzer.parse(
            "old",
            """
            MM old
            {
              x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

            }
            P0()
            {
              *x = 1;
              r1 = *x;
              r2 = madvise(x, PAGE, MADV_COLD);
              r3 = msync(x, PAGE, MS_SYNC);
            }
            exists (0:sig=0 /\\ 0:r1=1 /\\ 0:r2=0 /\\ 0:r3=0)
            """);
    var fuzzer = new Fuzzer(folder, "v5.0", _ -> {});
    var difference = fuzzer.compare(test).orElseThrow();
    var smallest = new Shrinker(fuzzer).smallest(difference);
    assertEquals(1, smallest.test().threads().getFirst().body().statements().size());
    assertTrue(smallest.values().contains("0:r2=-22"), smallest::values);
  }
}
