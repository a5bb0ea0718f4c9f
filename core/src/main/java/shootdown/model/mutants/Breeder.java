package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import shootdown.litmus.GlobalKind;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.ParseResult;

/// Makes new tests out of those that there are: of one test, with a few things changed, and with
/// statements and threads of others, whose names become its own.
///
/// A function of the tests and of the random numbers.
final class Breeder {
  private static final int MOST_CHANGES = 4;
  private static final int MOST_THREADS = 4;
  private static final int MOST_STATEMENTS = 10;
  private static final int TRIES = 20;
  private static final Pattern NAME = Pattern.compile("\\b[a-z][a-z0-9_]*\\b(?!\\()");
  private static final Pattern CONSTANT = Pattern.compile("\\b[A-Z][A-Z_]+[A-Z]\\b");
  private static final Pattern BINDING = Pattern.compile("^([a-z][a-z0-9_]*) = .*");
  private static final Pattern FORKS = Pattern.compile(".*\\b(fork|wait)\\(.*");
  private static final List<List<String>> ALIKE =
      List.of(
          List.of(
              "MADV_DONTNEED", "MADV_FREE", "MADV_PAGEOUT", "MADV_COLD", "MADV_REMOVE",
              "MADV_COLLAPSE", "MADV_HUGEPAGE", "MADV_NOHUGEPAGE", "MADV_POPULATE_WRITE"),
          List.of("PROT_READ", "PROT_NONE", "PROT_WRITE"),
          List.of("MAP_SHARED", "MAP_PRIVATE"),
          List.of("PAGE", "HPAGE", "WORD"));

  private final List<Sketch> sketches;
  private final List<Line> user = new ArrayList<>();
  private final List<Line> kernel = new ArrayList<>();
  private final List<Line> initial = new ArrayList<>();

  /// A statement of some test.
  ///
  /// @param names what its names stand for
  private record Line(String text, Map<String, GlobalKind> names) {}

  Breeder(Collection<LitmusTest> tests) {
    sketches = tests.stream().map(Sketch::of).toList();
    int i = 0;
    for (var test : tests) {
      var names = test.globals();
      var sketch = sketches.get(i++);
      for (var thread : sketch.threads()) {
        var to = thread.kind() == LitmusThread.Kind.KTHREAD ? kernel : user;
        thread.statements().stream()
            .filter(s -> !FORKS.matcher(s).matches())
            .forEach(s -> to.add(new Line(s, names)));
      }
      sketch.init().stream()
          .filter(s -> !BINDING.matcher(s).matches())
          .forEach(s -> initial.add(new Line(s, names)));
    }
  }

  /// A child of a test.
  ///
  /// @param name of the child
  Optional<ParseResult.Parsed> child(LitmusTest parent, String name, SplittableRandom random) {
    var test = Sketch.of(parent);
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < TRIES && changes > 0; i++) {
      var changed = changed(test, names(parent), random);
      if (changed.isPresent() && changed.get().test(name).isPresent()) {
        test = changed.get();
        changes--;
      }
    }
    return changes > 0 ? Optional.empty() : test.test(name);
  }

  private static Map<GlobalKind, List<String>> names(LitmusTest test) {
    return test.globals().entrySet().stream()
        .collect(
            Collectors.groupingBy(
                Map.Entry::getValue,
                Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
  }

  private Optional<Sketch> changed(
      Sketch test, Map<GlobalKind, List<String>> names, SplittableRandom random) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> inserted(test, names, random);
      case 3 -> newThread(test, user, LitmusThread.Kind.USER, names, random);
      case 4, 5 -> newThread(test, kernel, LitmusThread.Kind.KTHREAD, names, random);
      case 6, 7 -> removed(test, random);
      case 8 -> initially(test, names, random);
      case 9 -> moved(test, random);
      default -> edited(test, names, random);
    };
  }

  private Optional<Sketch> inserted(
      Sketch test, Map<GlobalKind, List<String>> names, SplittableRandom random) {
    int number = random.nextInt(test.threads().size());
    var thread = test.threads().get(number);
    var from = thread.kind() == LitmusThread.Kind.KTHREAD ? kernel : user;
    if (from.isEmpty() || test.statements() >= MOST_STATEMENTS) {
      return Optional.empty();
    }
    return adopted(pick(from, random), names, random)
        .map(line -> test.withThread(number, with(thread.statements(), line, random)));
  }

  private Optional<Sketch> newThread(
      Sketch test,
      List<Line> from,
      LitmusThread.Kind kind,
      Map<GlobalKind, List<String>> names,
      SplittableRandom random) {
    if (from.isEmpty()
        || test.threads().size() >= MOST_THREADS
        || test.statements() >= MOST_STATEMENTS) {
      return Optional.empty();
    }
    var statements = new ArrayList<String>();
    int count = kind == LitmusThread.Kind.USER ? 1 + random.nextInt(2) : 1;
    for (int i = 0; i < count; i++) {
      adopted(pick(from, random), names, random).ifPresent(statements::add);
    }
    if (statements.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(test.plus(new Sketch.Thread(heading(test, kind), kind, statements)));
  }

  private static String heading(Sketch test, LitmusThread.Kind kind) {
    boolean isKernel = kind == LitmusThread.Kind.KTHREAD;
    int number = 0;
    String letter = isKernel ? "K" : "P";
    while (isThere(test, letter + number)) {
      number++;
    }
    return (isKernel ? "kthread " : "") + letter + number + "()";
  }

  private static boolean isThere(Sketch test, String name) {
    return test.threads().stream().anyMatch(t -> t.heading().contains(name + "()"));
  }

  private static Optional<Sketch> removed(Sketch test, SplittableRandom random) {
    int number = random.nextInt(test.threads().size() + 1);
    if (number == test.threads().size()) {
      return test.init().isEmpty()
          ? Optional.empty()
          : Optional.of(test.withInit(without(test.init(), random.nextInt(test.init().size()))));
    }
    var statements = test.threads().get(number).statements();
    if (statements.isEmpty() || random.nextInt(4) == 0) {
      return test.threads().size() > 1 ? Optional.of(test.without(number)) : Optional.empty();
    }
    return Optional.of(
        test.withThread(number, without(statements, random.nextInt(statements.size()))));
  }

  private Optional<Sketch> initially(
      Sketch test, Map<GlobalKind, List<String>> names, SplittableRandom random) {
    if (initial.isEmpty()) {
      return Optional.empty();
    }
    return adopted(pick(initial, random), names, random)
        .map(
            line -> {
              var lines = new ArrayList<>(test.init());
              lines.add(line);
              return test.withInit(lines);
            });
  }

  /// A statement to another place of its thread, or to another thread.
  private static Optional<Sketch> moved(Sketch test, SplittableRandom random) {
    int from = random.nextInt(test.threads().size());
    int to = random.nextInt(test.threads().size());
    var statements = test.threads().get(from).statements();
    if (statements.isEmpty()) {
      return Optional.empty();
    }
    int which = random.nextInt(statements.size());
    var less = test.withThread(from, without(statements, which));
    return Optional.of(
        less.withThread(
            to, with(less.threads().get(to).statements(), statements.get(which), random)));
  }

  /// Another name, another constant or another place in a statement.
  private static Optional<Sketch> edited(
      Sketch test, Map<GlobalKind, List<String>> names, SplittableRandom random) {
    int number = random.nextInt(test.threads().size() + 1);
    boolean inInit = number == test.threads().size();
    var lines = new ArrayList<>(inInit ? test.init() : test.threads().get(number).statements());
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    int which = random.nextInt(lines.size());
    var edited = edited(lines.get(which), names, random);
    if (edited.equals(lines.get(which))) {
      return Optional.empty();
    }
    lines.set(which, edited);
    return Optional.of(inInit ? test.withInit(lines) : test.withThread(number, lines));
  }

  private static String edited(
      String line, Map<GlobalKind, List<String>> names, SplittableRandom random) {
    if (random.nextBoolean()) {
      var constants = CONSTANT.matcher(line).results().toList();
      if (constants.isEmpty()) {
        return line;
      }
      var old = constants.get(random.nextInt(constants.size()));
      var group = ALIKE.stream().filter(g -> g.contains(old.group())).findFirst();
      return group.isEmpty()
          ? line
          : line.substring(0, old.start()) + pick(group.get(), random)
              + line.substring(old.end());
    }
    var addresses = names.getOrDefault(GlobalKind.ADDRESS, List.of());
    var places =
        NAME.matcher(line).results().filter(m -> addresses.contains(m.group())).toList();
    if (places.isEmpty()) {
      return line;
    }
    var old = places.get(random.nextInt(places.size()));
    var fresh = pick(addresses, random);
    var text = random.nextInt(3) == 0 ? "(" + fresh + " + PAGE)" : fresh;
    return line.substring(0, old.start()) + text + line.substring(old.end());
  }

  /// A statement of another test with this test's names; empty if this test has nothing of a kind.
  private static Optional<String> adopted(
      Line line, Map<GlobalKind, List<String>> names, SplittableRandom random) {
    var chosen = new HashMap<String, String>();
    for (var name : line.names().entrySet()) {
      var mine = names.get(name.getValue());
      if (name.getValue() == GlobalKind.NUMBER) {
        chosen.put(name.getKey(), "1");
      } else if (mine != null) {
        var pick = pick(mine, random);
        chosen.put(
            name.getKey(),
            name.getValue() == GlobalKind.ADDRESS && random.nextInt(4) == 0
                ? "(" + pick + " + PAGE)"
                : pick);
      }
    }
    var missing =
        NAME.matcher(line.text())
            .results()
            .anyMatch(
                m -> line.names().containsKey(m.group()) && !chosen.containsKey(m.group()));
    return missing
        ? Optional.empty()
        : Optional.of(
            NAME.matcher(line.text())
                .replaceAll(m -> chosen.getOrDefault(m.group(), m.group())));
  }

  private static List<String> with(List<String> lines, String line, SplittableRandom random) {
    var all = new ArrayList<>(lines);
    all.add(random.nextInt(lines.size() + 1), line);
    return all;
  }

  private static List<String> without(List<String> lines, int which) {
    var all = new ArrayList<>(lines);
    all.remove(which);
    return all;
  }

  private static <T> T pick(List<T> from, SplittableRandom random) {
    return from.get(random.nextInt(from.size()));
  }
}
