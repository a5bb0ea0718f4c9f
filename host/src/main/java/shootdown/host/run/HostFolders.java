package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Where workers' files are, and how they go away.
final class HostFolders {
  private static final Path SHARED = Path.of("/dev/shm");

  private HostFolders() {}

  /// The file for shared memory of a worker whose folder is `folder`: in memory, where that is
  /// possible.
  static Path shared(Path folder) {
    return (Files.isWritable(SHARED) ? SHARED : folder).resolve(folder.getFileName() + ".ring");
  }

  static void remove(Path folder) {
    if (folder == null) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It is a folder for temporary files; the run's result stands.
    }
  }
}
