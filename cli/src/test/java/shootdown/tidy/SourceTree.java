package shootdown.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// The files of this repository, without what a build or an editor put there.
final class SourceTree {

  private SourceTree() {}

  /// The folder that holds the launcher; the tests of every module run somewhere below it.
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("shootdown"))
        || !Files.exists(folder.resolve("pom.xml"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("no repository above " + Path.of("").toAbsolutePath());
      }
    }
    return folder;
  }

  /// All files whose path ends with `suffix`, as paths relative to the root, sorted.
  static List<Path> files(String suffix) {
    Path root = root();
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Sources(root, suffix, found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.stream().sorted().toList();
  }

  /// The files of the product itself: `*/src/main/java`, benchmarks left out.
  static List<Path> mainJavaFiles() {
    return files(".java").stream()
        .filter(file -> file.subpath(1, file.getNameCount()).startsWith("src/main/java"))
        .filter(file -> !file.startsWith("bench"))
        .toList();
  }

  /// The lines of a file that [#files] returned.
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static final class Sources extends SimpleFileVisitor<Path> {

    private final Path root;
    private final String suffix;
    private final List<Path> found;

    Sources(Path root, String suffix, List<Path> found) {
      this.root = root;
      this.suffix = suffix;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = folder.getFileName().toString();
      boolean skipped = name.equals("target") || name.startsWith(".") && !name.equals(".ci");
      return skipped && !folder.equals(root)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Path inTree = root.relativize(file);
      if (inTree.toString().endsWith(suffix)) {
        found.add(inTree);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
