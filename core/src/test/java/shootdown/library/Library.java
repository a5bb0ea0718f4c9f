package shootdown.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The folder `litmus/` of this repository: `SUBJECT/NAME.litmus`, what each gives beside it in
/// `SUBJECT/NAME.expected`, and in `COUNT` how many tests each subject has.
public final class Library {
  private final Path folder;

  private Library(Path folder) {
    this.folder = folder;
  }

  /// The library of the repository that the tests run in.
  public static Library find() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(at.resolve("shootdown"))
        || !Files.isDirectory(at.resolve("litmus"))) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalStateException("no litmus/ above " + Path.of("").toAbsolutePath());
      }
    }
    return new Library(at.resolve("litmus"));
  }

  /// All tests.
  public List<Path> tests() {
    return files(".litmus");
  }

  /// Of all tests, those of the part that was asked for by `-Dsoundness.part=3/20`: every twentieth
  /// from the third on; all if none was.
  public List<Path> partOfTests() {
    var part = System.getProperty("soundness.part", "1/1").split("/");
    int first = Integer.parseInt(part[0]) - 1;
    int parts = Integer.parseInt(part[1]);
    var all = tests();
    return IntStream.range(0, all.size())
        .filter(i -> i % parts == first)
        .mapToObj(all::get)
        .toList();
  }

  List<Path> expected() {
    return files(".expected");
  }

  /// Where the number of tests stands.
  Path count() {
    return folder.resolve("COUNT");
  }

  /// One line for each subject: its name and how many tests it has.
  String counted() {
    var counts =
        tests().stream()
            .collect(Collectors.groupingBy(this::subject, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /// Path of a file as results and messages name it: `litmus/mmap/edges.litmus`.
  public String name(Path file) {
    return "litmus/" + folder.relativize(file).toString().replace('\\', '/');
  }

  static Path expectedOf(Path test) {
    return test.resolveSibling(
        test.getFileName().toString().replaceFirst("\\.litmus$", ".expected"));
  }

  private String subject(Path test) {
    return folder.relativize(test).getName(0).toString();
  }

  private List<Path> files(String suffix) {
    try (var all = Files.walk(folder)) {
      return all.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
