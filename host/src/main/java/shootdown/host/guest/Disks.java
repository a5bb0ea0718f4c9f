package shootdown.host.guest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import shootdown.host.run.HostFailure;

/// The disks of a guest, as files with holes.
final class Disks {
  private static final int PAGE = 4096;
  private static final long SWAP_BYTES = 64L << 20;
  private static final long FILES_BYTES = 64L << 20;
  private static final String SIGNATURE = "SWAPSPACE2";
  private static final int SWAP_HEADER = 1024;

  private Disks() {}

  /// A disk to swap to. Source: union swap_header in include/linux/swap.h.
  static Path swap(Path file) throws IOException {
    var first = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    first.putInt(SWAP_HEADER, 1); // version
    first.putInt(SWAP_HEADER + 4, (int) (SWAP_BYTES / PAGE - 1)); // the last page
    first.put(PAGE - SIGNATURE.length(), SIGNATURE.getBytes(StandardCharsets.US_ASCII));
    Files.write(file, first.array());
    grow(file, SWAP_BYTES);
    return file;
  }

  /// A disk with an empty file system: ext2, whose folios are pages.
  static Path files(Path file) throws IOException, HostFailure {
    Files.write(file, new byte[0]);
    grow(file, FILES_BYTES);
    var mke2fs = Qemu.find("mke2fs", "e2fsprogs");
    var process =
        new ProcessBuilder(
                mke2fs.toString(), "-q", "-F", "-t", InitPlan.FILE_SYSTEM, "-b", "" + PAGE,
                file.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new HostFailure("mke2fs failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostFailure("interrupted", e);
    }
    return file;
  }

  private static void grow(Path file, long length) throws IOException {
    try (var access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(length);
    }
  }
}
