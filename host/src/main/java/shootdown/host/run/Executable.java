package shootdown.host.run;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;

/// Starts a program that is there as bytes: from memory, for the program is then in no folder,
/// needs none that lets programs be run, and is gone with whoever started it.
final class Executable {
  private Executable() {}

  /// @throws IOException also where `vm.memfd_noexec` is 2, so that nothing is run from memory
  static Process start(byte[] program) throws IOException {
    try (var memory = MemoryFile.of(program)) {
      return new ProcessBuilder(memory.path().toString())
          .directory(Path.of("/").toFile())
          .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
    }
  }
}
