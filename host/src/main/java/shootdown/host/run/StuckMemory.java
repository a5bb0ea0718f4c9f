package shootdown.host.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import shootdown.host.worker.Slots;

/// Memory and files of a worker whose threads sleep for ever, looked at from outside.
///
/// @param process folder of the process in /proc
/// @param descriptors of the files, by their names
record StuckMemory(Path process, Map<String, Integer> descriptors) implements Slots.Remains {
  private static final int EFAULT = 14;

  static StuckMemory of(long pid, Map<String, Integer> descriptors) {
    return new StuckMemory(Path.of("/proc", Long.toString(pid)), descriptors);
  }

  /// `/proc/PID/mem` would give what the process itself may not read.
  @Override
  public long memory(long address) {
    try {
      return isAccessible(address) ? word(process.resolve("mem"), address) : -EFAULT;
    } catch (IOException e) {
      return -EFAULT; // behind the end of a file, say
    }
  }

  private boolean isAccessible(long address) throws IOException {
    try (var lines = Files.lines(process.resolve("maps"))) {
      return lines.anyMatch(line -> isIn(line, address));
    }
  }

  /// Whether a line, `100001000-100002000 rw-p ...`, is of a mapping that can be read there: memory
  /// that can be written or executed can be read, too.
  private static boolean isIn(String line, long address) {
    String[] fields = line.split(" ", 3);
    String[] range = fields[0].split("-");
    return Long.parseUnsignedLong(range[0], 16) <= address
        && address < Long.parseUnsignedLong(range[1], 16)
        && !fields[1].startsWith("---");
  }

  @Override
  public long file(String name, long word) {
    try {
      var file = process.resolve("fd").resolve(Integer.toString(descriptors.get(name)));
      return word(file, word * Long.BYTES);
    } catch (IOException e) {
      throw new IllegalStateException("file " + name + " cannot be read", e);
    }
  }

  /// What there is not of it is zero.
  private static long word(Path file, long position) throws IOException {
    var bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.read(bytes, position);
    }
    return bytes.getLong(0);
  }
}
