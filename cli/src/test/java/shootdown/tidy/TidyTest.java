package shootdown.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules of docs/STYLE.md that a program can hold.
class TidyTest {

  private static final int MAX_COLUMNS = 100;
  private static final int MAX_LINES = 500;

  /// A name that says nothing about what the type is for.
  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Manager|Context|Utils?|Helper|Impl|Info)\\.java");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  @Test
  void javaFitsIn100ColumnsAnd500Lines() {
    List<String> wrong = new ArrayList<>(linesOf(".java", TidyTest::isTooWide));
    for (Path file : files(".java")) {
      int length = SourceTree.lines(file).size();
      if (length > MAX_LINES) {
        wrong.add(file + ": " + length + " lines; name a part of it and move that out");
      }
    }
    assertNone(wrong);
  }

  @Test
  void noTabsAndNoSpacesAtTheEndOfALine() {
    Predicate<String> untidy = line -> line.contains("\t") || line.endsWith(" ");
    assertNone(
        Stream.of(".java", ".md", ".xml", ".litmus", "shootdown", ".ci/run")
            .flatMap(suffix -> linesOf(suffix, untidy).stream())
            .toList());
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    TreeSet<Path> packages = new TreeSet<>();
    SourceTree.mainJavaFiles().forEach(file -> packages.add(file.getParent()));
    assertFalse(packages.isEmpty());
    packages.removeIf(
        folder -> Files.exists(SourceTree.root().resolve(folder).resolve("package-info.java")));
    assertNone(packages.stream().map(folder -> folder + ": no package-info.java").toList());
  }

  @Test
  void typesHaveNamesThatSaySomething() {
    assertNone(
        files(".java").stream()
            .map(Path::toString)
            .filter(file -> EMPTY_NAME.matcher(file).matches())
            .toList());
  }

  @Test
  void everyMarkdownFileHasOneTitle() {
    List<String> wrong = new ArrayList<>();
    for (Path file : files(".md")) {
      long titles = prose(file).stream().filter(line -> line.startsWith("# ")).count();
      if (titles != 1) {
        wrong.add(file + ": " + titles + " lines start with '# '");
      }
    }
    assertNone(wrong);
  }

  @Test
  void relativeLinksLeadSomewhere() {
    List<String> wrong = new ArrayList<>();
    for (Path file : files(".md")) {
      Path folder = SourceTree.root().resolve(file).getParent();
      LINK.matcher(String.join("\n", prose(file)))
          .results()
          .map(link -> link.group(1).replaceFirst("#.*", ""))
          .filter(link -> !link.isEmpty() && !link.matches("[a-z]+:.*"))
          .filter(link -> !Files.exists(folder.resolve(link)))
          .forEach(link -> wrong.add(file + ": no file " + link));
    }
    assertNone(wrong);
  }

  @Test
  void bannedWordsAreReplaced() {
    List<String> wrong = new ArrayList<>();
    bannedWords()
        .forEach(
            (word, instead) -> {
              Predicate<String> bad = Pattern.compile(word).asPredicate();
              Stream.of(".java", ".md", ".litmus", "shootdown", ".ci/run")
                  .flatMap(suffix -> linesOf(suffix, bad).stream())
                  .forEach(line -> wrong.add(line + "\n    instead: " + instead));
            });
    assertNone(wrong);
  }

  /// Regular expression to replacement; in a resource, so that this file may pass its own rule.
  private static Map<String, String> bannedWords() {
    Path list = Path.of("cli/src/test/resources/tidy/banned-words.txt");
    return SourceTree.lines(list).stream()
        .map(line -> line.split(" => ", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  private static List<Path> files(String suffix) {
    List<Path> files = SourceTree.files(suffix);
    assertFalse(files.isEmpty(), () -> "no file ends with " + suffix);
    return files;
  }

  private static List<String> linesOf(String suffix, Predicate<String> wrong) {
    List<String> found = new ArrayList<>();
    for (Path file : SourceTree.files(suffix)) {
      List<String> lines = SourceTree.lines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (wrong.test(lines.get(i))) {
          found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }

  private static boolean isTooWide(String line) {
    return line.codePointCount(0, line.length()) > MAX_COLUMNS;
  }

  /// The lines of a Markdown file that are outside of fenced blocks.
  private static List<String> prose(Path file) {
    List<String> prose = new ArrayList<>();
    boolean inFence = false;
    for (String line : SourceTree.lines(file)) {
      if (line.strip().startsWith("```")) {
        inFence = !inFence;
      } else if (!inFence) {
        prose.add(line);
      }
    }
    return prose;
  }

  private static void assertNone(List<String> wrong) {
    assertEquals("", String.join("\n", wrong));
  }
}
