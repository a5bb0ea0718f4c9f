package shootdown.host.fuzz;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import shootdown.litmus.Condition;
import shootdown.litmus.Expression;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Observable;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Position;
import shootdown.litmus.Proposition;
import shootdown.litmus.Reach;

/// A random program with a condition that looks at everything: each signal, each register, and
/// words of memory and files.
///
/// @param memory names of memory
/// @param pages of each so many pages
/// @param fileWords so many first words of each page of the file `f`
record Watched(List<String> memory, int pages, int fileWords) {
  /// Words of a page.
  static final int WORDS_OF_PAGE = 512;

  /// Words of a page of memory that are looked at.
  static final int WORDS = 2;

  private static final Position NOWHERE = new Position(1, 1, 0);

  /// A test.
  ///
  /// @param initial statements of the initial state
  /// @param threads as [#thread] writes them
  LitmusTest test(String name, List<String> initial, String threads) {
    String text = "MM " + name + "\n\n{\n" + lines(initial) + "}\n" + threads;
    return switch (Litmus.parse(name + ".litmus", text)) {
      case ParseResult.Parsed(var test, _) -> watched(test);
      case ParseResult.Rejected rejected ->
          throw new IllegalStateException(rejected.render() + "\n" + text);
    };
  }

  private LitmusTest watched(LitmusTest test) {
    var reach = new Reach(test);
    Set<Observable> seen = new LinkedHashSet<>();
    for (var thread : test.threads()) {
      seen.add(new Observable.Signal(thread.number()));
      for (var register : thread.registers()) {
        seen.add(new Observable.Register(thread.number(), register));
      }
    }
    for (int page = 0; page < pages; page++) {
      long first = (long) page * WORDS_OF_PAGE;
      for (int word = 0; word < Math.max(WORDS, fileWords); word++) {
        long index = first + word;
        if (word < WORDS) {
          memory.forEach(name -> seen.add(new Observable.Memory(name, index)));
        }
        if (word < fileWords) {
          seen.add(new Observable.File("f", index));
        }
      }
    }
    var all =
        seen.stream()
            .filter(o -> reach.exceeded(o).isEmpty())
            .<Proposition>map(
                o ->
                    new Proposition.Compare(
                        o,
                        Proposition.Relation.EQUAL,
                        new Expression.Literal(0, NOWHERE),
                        NOWHERE))
            .reduce((a, b) -> new Proposition.And(a, b, NOWHERE))
            .orElseThrow();
    return new LitmusTest(
        test.name(),
        test.header(),
        test.init(),
        test.threads(),
        new Condition.Over(Condition.Quantifier.EXISTS, all, NOWHERE));
  }

  static String thread(String heading, List<String> statements) {
    return "\n" + heading + "\n{\n" + lines(statements) + "}\n";
  }

  private static String lines(List<String> statements) {
    return statements.stream()
        .map(s -> "  " + s + (s.endsWith("}") ? "\n" : ";\n"))
        .collect(Collectors.joining());
  }
}
