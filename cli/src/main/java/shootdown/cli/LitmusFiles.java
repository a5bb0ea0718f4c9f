package shootdown.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.model.Checker;

/// Finds and reads the tests that a user names: files, and folders with files at any depth. A file
/// that is named twice is read once.
final class LitmusFiles {
  private static final String SUFFIX = ".litmus";

  private final Map<Path, String> found = new LinkedHashMap<>();
  private final List<String> wrong = new ArrayList<>();

  private LitmusFiles() {}

  /// The tests, each with the path that leads to it from where the user is: those of a folder in
  /// the order of their paths.
  ///
  /// @throws BadInput with all that is wrong with any of them
  static Map<String, ParseResult.Parsed> read(List<Path> filesAndFolders) throws BadInput {
    var files = new LitmusFiles();
    filesAndFolders.forEach(files::find);
    Map<String, ParseResult.Parsed> tests = new LinkedHashMap<>();
    files.found.values().forEach(file -> files.parse(file, tests));
    if (!files.wrong.isEmpty()) {
      throw new BadInput(files.wrong);
    }
    return tests;
  }

  /// The one test that the user names.
  ///
  /// @throws BadInput if it is wrong, or is a folder with several
  static Map.Entry<String, ParseResult.Parsed> readOne(Path file) throws BadInput {
    var tests = read(List.of(file));
    if (tests.size() > 1) {
      throw new BadInput(
          "shootdown: " + file + " holds " + tests.size() + " tests, and one is asked for");
    }
    return tests.entrySet().iterator().next();
  }

  private void find(Path path) {
    if (!Files.isDirectory(path)) {
      add(path);
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      var files =
          all.filter(file -> file.toString().endsWith(SUFFIX) && !Files.isDirectory(file))
              .sorted()
              .toList();
      files.forEach(this::add);
      if (files.isEmpty()) {
        wrong.add(path + ": no file in this folder ends with " + SUFFIX);
      }
    } catch (IOException e) {
      wrong.add(path + ": " + why(e));
    } catch (UncheckedIOException e) {
      wrong.add(path + ": " + why(e.getCause()));
    }
  }

  private void add(Path file) {
    found.putIfAbsent(file.toAbsolutePath().normalize(), file.toString());
  }

  private void parse(String file, Map<String, ParseResult.Parsed> tests) {
    // One byte more than the longest test could have: the reader refuses what is longer.
    int limit = 4 * Litmus.MAX_LENGTH + 5;
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      switch (Litmus.parse(file, in.readNBytes(limit), Checker::examine)) {
        case ParseResult.Parsed parsed -> tests.put(file, parsed);
        case ParseResult.Rejected rejected -> wrong.add(rejected.render());
      }
    } catch (IOException e) {
      wrong.add(file + ": " + why(e));
    }
  }

  private static String why(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      default -> "cannot be read: " + e.getMessage();
    };
  }
}
