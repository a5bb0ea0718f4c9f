package shootdown.host.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  @Test
  void whatWasSeenIsAllowedOrNotAndTheRestWasNotSeen() {
    var comparison =
        Comparison.of(
            Map.of("0:r1=0; 1:r1=1;", 5L, "0:r1=7; 1:r1=7;", 2L),
            List.of("0:r1=0; 1:r1=1;", "0:r1=1; 1:r1=1;"));
    assertEquals(Map.of("0:r1=0; 1:r1=1;", 5L), comparison.seen());
    assertEquals(Set.of("0:r1=1; 1:r1=1;"), comparison.notSeen());
    assertEquals(Map.of("0:r1=7; 1:r1=7;", 2L), comparison.notAllowed());
    assertFalse(comparison.agrees());
  }

  @Test
  void addressesThatTheKernelChoseAreLikeThoseOfTheModel() {
    var comparison =
        Comparison.of(
            Map.of("0:r1=139637976727553; 0:r2=0;", 1L, "0:r1=139637976731648; 0:r2=0;", 1L),
            List.of("0:r1=8192; 0:r2=0;"));
    assertEquals(Map.of("0:r1=139637976727553; 0:r2=0;", 1L), comparison.notAllowed());
    assertTrue(Comparison.isLike("0:r1=139637976731648; 0:r2=0;", "0:r1=8192; 0:r2=0;"));
    assertFalse(Comparison.isLike("0:r1=139637976731648;", "0:r1=-12;"));
    assertFalse(Comparison.isLike("0:r1=16384;", "0:r1=8192;"));
  }
}
