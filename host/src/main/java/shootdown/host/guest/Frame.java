package shootdown.host.guest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What the guest's first process sends: three words (kind, a number, length in bytes), then so
/// many bytes.
///
/// @param kind what it is
/// @param number which one of its kind
/// @param contents in the byte order of x86-64
record Frame(Kind kind, long number, ByteBuffer contents) {
  /// In each frame's first word, with the kind: what is no frame is noticed.
  static final int MAGIC = 0x5d19_0000;

  static final int HEADER_BYTES = 3 * Long.BYTES;
  private static final int MOST_BYTES = 1 << 24;

  /// Kinds of frames.
  enum Kind {
    /// A file before the first round; the number is its index in the list of those asked for.
    FILE_BEFORE,
    /// The same, now and then and after the last round.
    FILE_AFTER,
    /// The time-stamp counter and the clock in nanoseconds.
    CLOCK,
    /// Records; the number is the first one's.
    RECORDS,
    /// Nothing has come of a round for long: the shared memory up to the ring.
    STUCK,
    /// Of a thread in a round that is stuck: `/proc/TID/stat`; the number is the thread's index.
    STUCK_STAT,
    /// The same: `/proc/TID/syscall`.
    STUCK_CALL,
    /// All has been said of a round that is stuck.
    STUCK_END,
    /// The worker has ended; the number is its wait status, the contents as of [#STUCK].
    ENDED;

    int word() {
      return MAGIC | ordinal();
    }
  }

  /// The next one; empty at the end of the stream.
  ///
  /// @throws IOException if what comes is no frame, or ends within one
  static Optional<Frame> read(InputStream in) throws IOException {
    byte[] head = in.readNBytes(HEADER_BYTES);
    if (head.length == 0) {
      return Optional.empty();
    }
    if (head.length < HEADER_BYTES) {
      throw new EOFException("ended within a frame");
    }
    var words = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    long word = words.getLong();
    long number = words.getLong();
    long length = words.getLong();
    long kind = word - MAGIC;
    if (kind < 0 || kind >= Kind.values().length || length < 0 || length > MOST_BYTES) {
      throw new IOException("what comes from the guest is no frame: 0x%x".formatted(word));
    }
    byte[] contents = in.readNBytes((int) length);
    if (contents.length < length) {
      throw new EOFException("ended within a frame");
    }
    return Optional.of(
        new Frame(
            Kind.values()[(int) kind],
            number,
            ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN)));
  }

  /// The word at an offset in bytes.
  long word(int offset) {
    return contents.getLong(offset);
  }

  String text() {
    return new String(contents.array(), StandardCharsets.UTF_8).strip();
  }
}
