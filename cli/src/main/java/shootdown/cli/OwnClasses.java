package shootdown.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;

/// What this program is made of: all classes on its class path.
final class OwnClasses {
  private static final String SUFFIX = ".class";

  private OwnClasses() {}

  /// A number that is the same for the same classes, whenever they were built.
  static String digest() {
    Map<String, Long> sums = new TreeMap<>();
    try {
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        Path path = Path.of(entry);
        if (Files.isDirectory(path)) {
          addFolder(path, sums);
        } else if (Files.isRegularFile(path)) {
          addArchive(path, sums);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a class of Shootdown's cannot be read", e);
    }
    return Digest.of(List.of(sums.toString()));
  }

  /// The head of an archive holds the checksum of each entry.
  private static void addArchive(Path archive, Map<String, Long> sums) throws IOException {
    try (var zip = new ZipFile(archive.toFile())) {
      zip.stream()
          .filter(entry -> entry.getName().endsWith(SUFFIX))
          .forEach(entry -> sums.putIfAbsent(entry.getName(), entry.getCrc()));
    }
  }

  private static void addFolder(Path folder, Map<String, Long> sums) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        var crc = new CRC32();
        crc.update(Files.readAllBytes(file));
        sums.putIfAbsent(folder.relativize(file).toString(), crc.getValue());
      }
    }
  }
}
