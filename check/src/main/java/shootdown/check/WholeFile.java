package shootdown.check;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// A file that is there whole or not at all, and is known if it is damaged.
///
/// ```text
/// magic      8 bytes   SHOOTDWN
/// version    4         of the content's layout
/// checksum   4         CRC32C of the content
/// length     8         of the content in bytes
/// content
/// ```
///
/// All numbers are little-endian. The content is written first, to a file beside it; then the
/// head, then both are forced to the disk, and only then does it get its name.
public final class WholeFile {
  /// What a reader or writer takes while it is open.
  static final int BUFFER = 1 << 18;

  private static final long MAGIC = 0x4e57_4454_4f4f_4853L;
  private static final int HEAD = 24;

  private WholeFile() {}

  /// Writes content.
  @FunctionalInterface
  public interface Content {
    void to(Out out);
  }

  /// Replaces a file.
  public static void write(Path file, int version, Content content) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try (var channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.position(HEAD);
      var out = new Out(channel);
      content.to(out);
      out.flush();
      var head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
      head.putLong(MAGIC).putInt(version).putInt((int) out.sum.getValue()).putLong(out.length);
      writeAll(channel.position(0), head.flip());
      channel.force(true);
    } catch (UncheckedIOException e) {
      Files.deleteIfExists(next);
      throw e.getCause();
    } catch (IOException e) {
      Files.deleteIfExists(next);
      throw e;
    }
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    force(file.toAbsolutePath().getParent());
  }

  /// The new name survives a loss of power, where the system can be asked for that.
  private static void force(Path folder) {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows does not open folders; the content is safe in any case.
    }
  }

  /// Opens a file that is whole.
  ///
  /// @throws UnfitCheckpoint if it is damaged, of another version or something else
  public static In open(Path file, int version) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
      while (head.hasRemaining() && channel.read(head) >= 0) {
        // until it is full
      }
      if (head.flip().remaining() < Long.BYTES || head.getLong() != MAGIC) {
        throw new UnfitCheckpoint(file, "is no checkpoint of Shootdown's");
      }
      if (head.remaining() < HEAD - Long.BYTES) {
        throw new UnfitCheckpoint(file, "is damaged: it ends within its head");
      }
      int written = head.getInt();
      if (written != version) {
        throw new UnfitCheckpoint(
            file,
            "was written by another version of Shootdown (layout " + written + ", this one reads "
                + version + ")");
      }
      int sum = head.getInt();
      long length = head.getLong();
      if (channel.size() - HEAD != length) {
        throw new UnfitCheckpoint(
            file,
            "is damaged: " + (channel.size() - HEAD) + " bytes where there should be " + length);
      }
      if (sum != sum(channel)) {
        throw new UnfitCheckpoint(file, "is damaged: its checksum is not that of its content");
      }
    }
    var channel = FileChannel.open(file, StandardOpenOption.READ);
    return new In(channel.position(HEAD));
  }

  private static int sum(FileChannel channel) throws IOException {
    var sum = new CRC32C();
    var buffer = ByteBuffer.allocateDirect(BUFFER);
    while (channel.read(buffer) >= 0) {
      sum.update(buffer.flip());
      buffer.clear();
    }
    return (int) sum.getValue();
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Takes what is to be in a file; whatever goes wrong with the disk is an
  /// [UncheckedIOException].
  public static final class Out {
    private final FileChannel channel;
    private final ByteBuffer buffer =
        ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C sum = new CRC32C();
    private long length;

    private Out(FileChannel channel) {
      this.channel = channel;
    }

    public void put(long number) {
      if (buffer.remaining() < Long.BYTES) {
        flush();
      }
      buffer.putLong(number);
    }

    public void put(int number) {
      if (buffer.remaining() < Integer.BYTES) {
        flush();
      }
      buffer.putInt(number);
    }

    public void put(boolean flag) {
      put(flag ? 1 : 0);
    }

    public void put(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      put(bytes.length);
      int done = 0;
      while (done < bytes.length) {
        if (!buffer.hasRemaining()) {
          flush();
        }
        int part = Math.min(buffer.remaining(), bytes.length - done);
        buffer.put(bytes, done, part);
        done += part;
      }
    }

    public void put(Map<String, String> texts) {
      put(texts.size());
      texts.forEach(
          (name, text) -> {
            put(name);
            put(text);
          });
    }

    private void flush() {
      try {
        length += buffer.flip().remaining();
        sum.update(buffer.duplicate());
        writeAll(channel, buffer);
        buffer.clear();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Gives what was put into a file, in that order.
  public static final class In implements AutoCloseable {
    private final FileChannel channel;
    private final ByteBuffer buffer =
        ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN).flip();

    private In(FileChannel channel) {
      this.channel = channel;
    }

    public long getLong() throws IOException {
      need(Long.BYTES);
      return buffer.getLong();
    }

    public int getInt() throws IOException {
      need(Integer.BYTES);
      return buffer.getInt();
    }

    public boolean getBoolean() throws IOException {
      return getInt() != 0;
    }

    public String getString() throws IOException {
      byte[] bytes = new byte[getInt()];
      int done = 0;
      while (done < bytes.length) {
        need(1);
        int part = Math.min(buffer.remaining(), bytes.length - done);
        buffer.get(bytes, done, part);
        done += part;
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }

    public Map<String, String> getMap() throws IOException {
      var texts = new LinkedHashMap<String, String>();
      int size = getInt();
      for (int i = 0; i < size; i++) {
        texts.put(getString(), getString());
      }
      return texts;
    }

    private void need(int bytes) throws IOException {
      if (buffer.remaining() >= bytes) {
        return;
      }
      buffer.compact();
      while (buffer.position() < bytes) {
        if (channel.read(buffer) < 0) {
          throw new EOFException("the content ends too early");
        }
      }
      buffer.flip();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
