package shootdown.check.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// All programs of two tasks that do up to two things each, from a small alphabet.
public final class Family {
  private static final Statement SET_0 = new Statement.Write(0, 1);
  private static final Statement SET_1 = new Statement.Write(1, 1);

  private static final List<Statement> ALPHABET =
      List.of(
          SET_0,
          new Statement.If(0, 1, List.of(SET_1), List.of()),
          new Statement.If(1, 1, List.of(new Statement.Violate(1)), List.of()),
          new Statement.If(1, 1, List.of(new Statement.Fail(2)), List.of(SET_0)),
          new Statement.Await(1, 1),
          new Statement.Sleep(0, 1),
          new Statement.Until(1, 1, List.of()),
          new Statement.Scope(List.of(new Statement.Choose(2), new Statement.Store(1))),
          new Statement.Atomic(List.of(new Statement.Read(0), SET_1)),
          new Statement.Atomic(List.of(new Statement.Await(0, 0), new Statement.Add(1, 1))),
          new Statement.Locked(0, List.of(SET_0)),
          new Statement.Locked(0, List.of(new Statement.Locked(1, List.of(SET_1)))),
          new Statement.Locked(1, List.of(new Statement.Locked(0, List.of(SET_1)))),
          new Statement.ReadLocked(0, List.of(new Statement.Read(0), new Statement.Store(1))),
          new Statement.TryLocked(0, List.of(new Statement.Write(1, 2))),
          new Statement.Downgraded(0, List.of(SET_0), List.of(new Statement.Add(1, 1))));

  private Family() {}

  /// Both tasks do one thing.
  public static Stream<GeneratedProgram> shortPairs() {
    return pairs(upTo(1), upTo(1));
  }

  /// Both tasks do up to two things.
  public static Stream<GeneratedProgram> pairs() {
    return pairs(upTo(2), upTo(2));
  }

  private static Stream<GeneratedProgram> pairs(
      List<List<Statement>> firsts, List<List<Statement>> seconds) {
    return IntStream.range(0, firsts.size())
        .boxed()
        .flatMap(
            i ->
                seconds.stream()
                    .limit(i + 1L)
                    .map(
                        second ->
                            new GeneratedProgram(2, 2, List.of(firsts.get(i), second), false)));
  }

  /// All bodies of one to `length` statements, the short ones first.
  private static List<List<Statement>> upTo(int length) {
    var bodies = new ArrayList<List<Statement>>();
    for (var statement : ALPHABET) {
      bodies.add(List.of(statement));
    }
    int from = 0;
    for (int n = 2; n <= length; n++) {
      int to = bodies.size();
      for (var body : List.copyOf(bodies.subList(from, to))) {
        for (var statement : ALPHABET) {
          var longer = new ArrayList<>(body);
          longer.add(statement);
          bodies.add(List.copyOf(longer));
        }
      }
      from = to;
    }
    return bodies;
  }
}
