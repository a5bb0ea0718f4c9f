package shootdown.check;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
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
/// head, then both are forced to the disk, and only then does it get its name. An interrupt ends
/// none of that, for it is on an interrupt that a search is written: so no channels, which it
/// closes.
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
    try (var disk = new RandomAccessFile(next.toFile(), "rw")) {
      disk.setLength(0);
      disk.seek(HEAD);
      var out = new Out(disk);
      content.to(out);
      out.flush();
      var head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
      head.putLong(MAGIC).putInt(version).putInt((int) out.sum.getValue()).putLong(out.length);
      disk.seek(0);
      disk.write(head.array());
      disk.getFD().sync();
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
      // Windows does not open folders, and an interrupt closes them; the content is safe anyway.
    }
  }

  /// Opens a file that is whole.
  ///
  /// @throws UnfitCheckpoint if it is damaged, of another version or something else
  public static In open(Path file, int version) throws IOException {
    try (var disk = new FileInputStream(file.toFile())) {
      var head = ByteBuffer.wrap(disk.readNBytes(HEAD)).order(ByteOrder.LITTLE_ENDIAN);
      if (head.remaining() < Long.BYTES || head.getLong() != MAGIC) {
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
      long there = Files.size(file) - HEAD;
      if (there != length) {
        throw new UnfitCheckpoint(
            file, "is damaged: " + there + " bytes where there should be " + length);
      }
      if (sum != sum(disk)) {
        throw new UnfitCheckpoint(file, "is damaged: its checksum is not that of its content");
      }
    }
    var disk = new FileInputStream(file.toFile());
    disk.skipNBytes(HEAD);
    return new In(disk);
  }

  private static int sum(InputStream disk) throws IOException {
    var sum = new CRC32C();
    byte[] buffer = new byte[BUFFER];
    for (int n = disk.read(buffer); n >= 0; n = disk.read(buffer)) {
      sum.update(buffer, 0, n);
    }
    return (int) sum.getValue();
  }

  /// Takes what is to be in a file; whatever goes wrong with the disk is an
  /// [UncheckedIOException].
  public static final class Out {
    private final RandomAccessFile disk;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C sum = new CRC32C();
    private long length;

    private Out(RandomAccessFile disk) {
      this.disk = disk;
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
        int more = buffer.position();
        length += more;
        sum.update(buffer.array(), 0, more);
        disk.write(buffer.array(), 0, more);
        buffer.clear();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Gives what was put into a file, in that order.
  public static final class In implements AutoCloseable {
    private final InputStream disk;
    private final ByteBuffer buffer =
        ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).flip();

    private In(InputStream disk) {
      this.disk = disk;
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
        int n = disk.read(buffer.array(), buffer.position(), buffer.remaining());
        if (n < 0) {
          throw new EOFException("the content ends too early");
        }
        buffer.position(buffer.position() + n);
      }
      buffer.flip();
    }

    @Override
    public void close() throws IOException {
      disk.close();
    }
  }
}
