package shootdown.host.run;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The words that a worker shares with us. Reads see what the worker wrote before it wrote the word
/// that is read.
final class SharedMemory implements AutoCloseable {
  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  /// @param file becomes so many bytes of zeros
  SharedMemory(Path file, int size) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.truncate(0);
      segment = channel.map(MapMode.READ_WRITE, 0, size, arena);
    }
  }

  long read(long offset) {
    return (long) WORD.getAcquire(segment, offset);
  }

  void write(long offset, long value) {
    WORD.setRelease(segment, offset, value);
  }

  /// Writes words, one after the other.
  void write(long offset, byte[] words) {
    var from = ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < words.length; at += Long.BYTES) {
      write(offset + at, from.getLong(at));
    }
  }

  /// Words `from` … `to`-1 of the record at an offset.
  long[] words(long offset, int from, int to) {
    long[] words = new long[to - from];
    for (int i = 0; i < words.length; i++) {
      words[i] = read(offset + (long) (from + i) * Long.BYTES);
    }
    return words;
  }

  @Override
  public void close() {
    arena.close();
  }
}
