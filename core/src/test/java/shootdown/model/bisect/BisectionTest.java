package shootdown.model.bisect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.kernel.history.Fix;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;

/// The two commits that set the scope, found from their tests alone.
class BisectionTest {

  private static List<Bisection.Era> eras(String seed, String machine)
      throws IOException, BadRequest {
    var text = Files.readString(Path.of("../litmus/seeds/" + seed + ".litmus"));
    return Bisection.of(
        (ParseResult.Parsed) Litmus.parse("-", text), "-", machine, CheckRequest.DEFAULT);
  }

  private static String shown(Bisection.Era era) {
    return era.from() + " " + era.verdict() + " " + era.fixes().stream().map(Fix::id).toList();
  }

  /// What it shows comes and goes: the test's munmap() frees page tables, which x86 did for a while
  /// without a flush of the walk caches.
  @Test
  @Tag("slow")
  void theLostWriteOfMremapEndsWithItsFix() throws IOException, BadRequest {
    assertEquals(
        List.of(
            "v2.6.12 Sometimes, lost write []",
            "v4.9-rc6 Never [5d1904204c99]",
            "v4.14-rc1 Never, use after free [9e52fc2b50de]",
            "v4.19-rc1 Never [d86564a2f085]"),
        eras("mremap+mkclean", "x86-64").stream().map(BisectionTest::shown).toList());
  }

  @Test
  @Tag("slow")
  void theLivelockOfFutexesEndsWithItsFix() throws IOException, BadRequest {
    var eras = eras("futex+young", "armv7");
    assertEquals("v2.6.12", eras.getFirst().from());
    assertTrue(eras.getFirst().verdict().contains("livelock"), eras::toString);
    assertEquals(
        List.of("2efaca927f5c"), eras.get(1).fixes().stream().map(Fix::id).toList());
    assertTrue(eras.stream().allMatch(Bisection.Era::isDecided), eras::toString);
  }

  @Test
  void aMachineThatIsNoneIsABadRequest() {
    assertThrows(BadRequest.class, () -> eras("mremap+mkclean", "pdp-11"));
  }
}
