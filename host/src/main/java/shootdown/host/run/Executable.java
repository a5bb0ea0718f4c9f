package shootdown.host.run;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// Starts a program that is there as bytes: from a file, or from memory where the folder's file
/// system lets nothing be run (`noexec`).
final class Executable {
  private static final Pattern ERROR = Pattern.compile("error[=:]? ?(\\d+)");
  private static final int EACCES = 13;
  private static final int ETXTBSY = 26;
  private static final int TRIES = 100;
  private static final long PAUSE_NANOS = 2_000_000;

  private Executable() {}

  /// @param folder where the file is made, `worker`
  static Process start(byte[] program, Path folder) throws IOException {
    var file = folder.resolve("worker");
    Files.write(file, program);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    try {
      return start(file);
    } catch (IOException e) {
      if (error(e) != EACCES) {
        throw e;
      }
      return fromMemory(program);
    }
  }

  static Process fromMemory(byte[] program) throws IOException {
    try (var memory = MemoryFile.of(program)) {
      return start(memory.path());
    }
  }

  /// A process that another thread has just forked may still have the file open for writing, until
  /// it executes something itself: then it is busy, but not for long.
  private static Process start(Path file) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return new ProcessBuilder(file.toString())
            .directory(Path.of("/").toFile())
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
      } catch (IOException e) {
        if (error(e) != ETXTBSY || tries == TRIES) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static int error(IOException e) {
    var match = ERROR.matcher(String.valueOf(e.getMessage()));
    return match.find() ? Integer.parseInt(match.group(1)) : 0;
  }
}
