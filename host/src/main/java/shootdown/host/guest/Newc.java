package shootdown.host.guest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes a cpio archive in the form "newc", which the kernel unpacks as its first file system.
///
/// Source: Documentation/driver-api/early-userspace/buffer-format.rst.
public final class Newc {
  private static final String MAGIC = "070701";
  private static final int FOLDER = 0040000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int REGULAR = 0100000;
  private static final int ALIGNMENT = 4;
  private static final String TRAILER = "TRAILER!!!";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int entries;

  /// A folder that everybody may read; its parent comes before it.
  public Newc folder(String path) {
    return entry(path, FOLDER | 0755, 0, 0, new byte[0]);
  }

  /// A character device.
  public Newc device(String path, int major, int minor) {
    return entry(path, CHARACTER_DEVICE | 0600, major, minor, new byte[0]);
  }

  /// A file that everybody may read and execute.
  public Newc file(String path, byte[] contents) {
    return entry(path, REGULAR | 0755, 0, 0, contents);
  }

  /// The archive; nothing can be added to it.
  public byte[] finish() {
    entry(TRAILER, 0, 0, 0, new byte[0]);
    return out.toByteArray();
  }

  private Newc entry(String path, int mode, int major, int minor, byte[] contents) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    var header = new StringBuilder(MAGIC);
    int[] fields = {
      ++entries, mode, 0, 0, 1, 0, contents.length, 0, 0, major, minor, name.length + 1, 0
    };
    for (int field : fields) {
      header.append("%08X".formatted(field));
    }
    out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(name);
    out.write(0);
    align();
    out.writeBytes(contents);
    align();
    return this;
  }

  private void align() {
    while (out.size() % ALIGNMENT != 0) {
      out.write(0);
    }
  }
}
