package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

/// Where the files of one worker are: a folder of its own, and a file for the memory that it shares
/// with us, which is in memory where that is possible.
///
/// They are needed only until the worker runs, and gone from then on: whatever ends this process,
/// nothing is left behind.
///
/// @param folder of the program and of the tests' files
/// @param shared the file for shared memory
record HostFolders(Path folder, Path shared) {
  private static final Path IN_MEMORY = Path.of("/dev/shm");

  /// Makes them.
  ///
  /// @param parent where the folder is to be
  static HostFolders make(Path parent) throws IOException {
    var folder =
        Files.createTempDirectory(parent, "shootdown" + ProcessHandle.current().pid() + "-");
    var name = folder.getFileName() + ".ring";
    return new HostFolders(
        folder, (Files.isWritable(IN_MEMORY) ? IN_MEMORY : folder).resolve(name));
  }

  /// Makes them again, under the same names.
  void makeAgain() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /// Takes them away. A worker that runs has open what it needs.
  void remove() {
    try {
      Files.deleteIfExists(shared);
      if (!Files.isDirectory(folder)) {
        return;
      }
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // It is a folder for temporary files; the run's result stands.
    }
  }
}
