package shootdown.host.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NewcTest {
  private static final int HEADER = 110;

  private final byte[] archive =
      new Newc()
          .folder("dev")
          .device("dev/console", 5, 1)
          .file("init", new byte[] {1, 2, 3, 4, 5})
          .finish();

  @Test
  void anEntryIsItsHeaderItsNameAndItsContents() {
    int at = find("init");
    assertEquals("070701", text(at, 6));
    assertEquals(0100755, field(at, 1));
    assertEquals(1, field(at, 4)); // links
    assertEquals(5, field(at, 6)); // length
    assertEquals("init".length() + 1, field(at, 11));
    int contents = (at + HEADER + 5 + 3) / 4 * 4;
    assertArrayEquals(
        new byte[] {1, 2, 3, 4, 5}, Arrays.copyOfRange(archive, contents, contents + 5));
  }

  @Test
  void aDeviceHasItsNumbers() {
    int at = find("dev/console");
    assertEquals(0020600, field(at, 1));
    assertEquals(5, field(at, 9));
    assertEquals(1, field(at, 10));
  }

  @Test
  void entriesHaveNumbersOfTheirOwnAndStandAtMultiplesOfFour() {
    int[] starts = {find("dev"), find("dev/console"), find("init"), find("TRAILER!!!")};
    assertEquals(4, Arrays.stream(starts).map(at -> field(at, 0)).distinct().count());
    assertEquals(0, Arrays.stream(starts).filter(at -> at % 4 != 0).count());
    assertEquals(0, archive.length % 4);
  }

  /// Where the header of an entry begins: entries are walked, one by one.
  private int find(String name) {
    for (int at = 0; at < archive.length; ) {
      int length = field(at, 11);
      if (text(at + HEADER, length - 1).equals(name)) {
        return at;
      }
      at = align(align(at + HEADER + length) + field(at, 6));
    }
    throw new AssertionError("no entry " + name);
  }

  private static int align(int at) {
    return (at + 3) / 4 * 4;
  }

  private int field(int at, int index) {
    return Integer.parseInt(text(at + 6 + 8 * index, 8), 16);
  }

  private String text(int at, int length) {
    return new String(archive, at, length, StandardCharsets.US_ASCII);
  }
}
