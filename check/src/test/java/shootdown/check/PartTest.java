package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The parts of a slow suite are all of it.
class PartTest {
  @Test
  void eachThingIsInOnePart() {
    var met = new ArrayList<Long>();
    for (int number = 1; number <= 7; number++) {
      var part = new Part(number, 7);
      long before = met.size();
      part.of(LongStream.range(0, 100).boxed()).forEach(met::add);
      assertTrue(met.size() - before >= part.least(100));
    }

    assertEquals(100, met.size());
    assertEquals(100, new HashSet<>(met).size());
  }

  @Test
  void aPartIsNamedByItsNumberAndTheirCount() {
    assertEquals(List.of(2, 22, 42), Part.of("3/20").of(IntStream.range(0, 60).boxed()).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/3", "4/3", "3", "1/2/3", "a/b"})
  void nothingElseIsAPart(String text) {
    assertThrows(IllegalArgumentException.class, () -> Part.of(text));
  }
}
