package shootdown.host.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shootdown.host.guest.Frame.Kind;

class FrameTest {
  @Test
  void framesComeOneBehindTheOther() throws IOException {
    var in = stream(bytes(Kind.CLOCK.word(), 7, 2, 0x4142), bytes(Kind.ENDED.word(), 1, 0, 0));
    var first = Frame.read(in).orElseThrow();
    assertEquals(Kind.CLOCK, first.kind());
    assertEquals(7, first.number());
    assertEquals("BA", first.text());
    assertEquals(Kind.ENDED, Frame.read(in).orElseThrow().kind());
    assertEquals(Optional.empty(), Frame.read(in));
  }

  @Test
  void whatIsNoFrameIsRefused() {
    assertThrows(IOException.class, () -> Frame.read(stream(bytes(0x1234, 0, 0, 0))));
    int kinds = Kind.values().length;
    assertThrows(
        IOException.class, () -> Frame.read(stream(bytes(Frame.MAGIC + kinds, 0, 0, 0))));
    assertThrows(
        IOException.class,
        () -> Frame.read(stream(bytes(Kind.RECORDS.word(), 0, 1L << 40, 0))));
  }

  @Test
  void aStreamThatEndsWithinAFrameIsRefused() {
    byte[] whole = bytes(Kind.RECORDS.word(), 0, 8, 1);
    for (int length = 1; length < whole.length; length++) {
      var part = new ByteArrayInputStream(whole, 0, length);
      var why = assertThrows(EOFException.class, () -> Frame.read(part), "of " + length + " bytes");
      assertEquals("ended within a frame", why.getMessage());
    }
  }

  private static byte[] bytes(long word, long number, long length, long contents) {
    int some = (int) Math.min(length, Long.BYTES);
    var frame =
        ByteBuffer.allocate(Frame.HEADER_BYTES + some).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(word).putLong(number).putLong(length);
    for (int i = 0; i < some; i++) {
      frame.put((byte) (contents >> Byte.SIZE * i));
    }
    return frame.array();
  }

  private static InputStream stream(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return new ByteArrayInputStream(all.toByteArray());
  }
}
