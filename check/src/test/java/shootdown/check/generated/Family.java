package shootdown.check.generated;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Families of small programs, each of them whole: all that there are, in a fixed order.
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

  /// Two tasks that count at the same time do not count beyond the bit, nor three beyond four; see
  /// [#endsWithinBits].
  private static final List<Statement> LOOPS =
      List.of(
          new Statement.Count(0, 2, List.of()),
          new Statement.Count(0, 4, List.of()),
          new Statement.Count(0, 4, List.of(new Statement.Choose(2), new Statement.Store(1))),
          new Statement.Count(1, 4, List.of(new Statement.Locked(0, List.of(SET_0)))),
          new Statement.Try(2, 0, List.of()),
          new Statement.Try(2, 1, List.of(new Statement.Choose(2), new Statement.Store(0))),
          new Statement.Try(3, 0, List.of(new Statement.Write(0, 0))),
          new Statement.Update(0),
          new Statement.Update(1),
          new Statement.Count(1, 4, List.of(chosen(1, SET_0))));

  /// What is chosen decides what a step does; nobody else is followed amid some of them.
  private static final List<Statement> CHOICES =
      List.of(
          chosen(0, SET_0),
          chosen(1, new Statement.Add(0, 1)),
          new Statement.Atomic(List.of(new Statement.Choose(3), new Statement.Store(0))),
          new Statement.Locked(0, List.of(new Statement.Choose(2), new Statement.Store(0))),
          new Statement.Times(2, List.of(new Statement.Choose(2), new Statement.Store(1))),
          new Statement.Until(1, 1, List.of(new Statement.Choose(3), new Statement.Store(1))));

  private static final int WORDS = 2;
  private static final int LOCKS = 2;

  private Family() {}

  /// One step, which does something if `value` is chosen.
  private static Statement chosen(int value, Statement what) {
    return new Statement.Atomic(
        List.of(new Statement.Choose(2), new Statement.IfLocal(value, List.of(what))));
  }

  /// Two tasks of up to two nodes each of the [Grammar]: one program of all that differ in the
  /// names of words and locks and in the order of the tasks alone.
  public static Stream<GeneratedProgram> ofTwoNodes() {
    var bodies = new Grammar().bodiesUpTo(2);
    var renamed = renamings(bodies);
    return IntStream.range(0, bodies.size())
        .boxed()
        .flatMap(
            i ->
                IntStream.rangeClosed(0, i)
                    .filter(j -> renamed.stream().allMatch(r -> isFirst(i, j, r[i], r[j])))
                    .mapToObj(j -> program(List.of(bodies.get(i), bodies.get(j)), false)));
  }

  /// A task of up to two nodes, and a daemon that does one thing again and again: for ever, unless
  /// somebody makes the first word 2.
  public static Stream<GeneratedProgram> withADaemon() {
    var grammar = new Grammar();
    var bodies = grammar.bodiesUpTo(2);
    var loops =
        grammar.leavesOfLoops().stream()
            .map(leaf -> List.<Statement>of(new Statement.Until(0, 2, List.of(leaf))))
            .toList();
    return bodies.stream()
        .flatMap(body -> loops.stream().map(loop -> program(List.of(body, loop), true)));
  }

  /// Three tasks of one node each, or one thing of the alphabet.
  public static Stream<GeneratedProgram> ofThreeTasks() {
    return Stream.concat(triples(new Grammar().leaves()), triples(ALPHABET));
  }

  /// One task has a loop that counts in a word or tries a few times, or a choice that decides what
  /// a step does, and one thing before or after it or none; the other one does one thing of all
  /// these.
  public static Stream<GeneratedProgram> counting() {
    var others = all().map(List::of).toList();
    return bodiesThatCount()
        .flatMap(body -> others.stream().map(other -> program(List.of(other, body), false)));
  }

  /// Three tasks of one thing each, and one of them at least is such a loop or choice.
  public static Stream<GeneratedProgram> threeThatCount() {
    var special = special().toList();
    return triples(all().toList())
        .filter(p -> p.tasks().stream().anyMatch(body -> special.contains(body.getFirst())))
        .filter(p -> p.tasks().stream().distinct().count() > 1)
        .filter(Family::endsWithinBits);
  }

  /// Whether no more tasks count in a word than the bit is worth that one of them waits for. Others
  /// may run past it for ever: each reads the word before the bit is set, and adds after that.
  private static boolean endsWithinBits(GeneratedProgram program) {
    var counts =
        program.tasks().stream()
            .map(List::getFirst)
            .filter(Statement.Count.class::isInstance)
            .map(Statement.Count.class::cast)
            .toList();
    return counts.stream()
        .allMatch(c -> counts.stream().filter(o -> o.word() == c.word()).count() <= c.bit());
  }

  /// Programs with a cycle that several workers find only if they look for it at the right steps.
  ///
  /// In the first, the first task goes round while the first word is 0 and the second is not. It
  /// can stand at the end of a turn, where it goes round, before the other task has made that a
  /// cycle; and the two steps commute.
  ///
  /// In the second, a turn sets the counter back once the other task has been there at the right
  /// moment. How a turn goes then may be the last thing that is learned of the cycle, and it does
  /// not go round the loop.
  public static Stream<GeneratedProgram> hiddenCycles() {
    var turns = new Statement.Until(1, 0, List.of(new Statement.Await(0, 0)));
    var makesItACycle =
        List.<Statement>of(
            new Statement.Write(0, 1), new Statement.Write(1, 1), new Statement.Write(0, 0));
    var back =
        new Statement.Scope(
            List.of(
                new Statement.If(0, 1, List.of(new Statement.Write(1, 1)), List.of())));
    var counts = new Statement.Count(1, 4, List.of(back, new Statement.Read(1)));
    var inTime =
        List.<Statement>of(
            new Statement.Atomic(List.of(new Statement.Await(1, 1), SET_0)),
            new Statement.Await(0, 2));
    return Stream.of(
        program(List.of(List.of(turns), makesItACycle), false),
        program(List.of(List.of(counts), inTime), false));
  }

  private static Stream<List<Statement>> bodiesThatCount() {
    var two =
        special()
            .flatMap(s -> all().flatMap(a -> Stream.of(List.of(s, a), List.of(a, s))))
            .distinct();
    return Stream.concat(special().map(List::of), two);
  }

  private static Stream<Statement> special() {
    return Stream.concat(LOOPS.stream(), CHOICES.stream());
  }

  private static Stream<Statement> all() {
    return Stream.concat(ALPHABET.stream(), special());
  }

  /// Three tasks that do the same, of up to two nodes.
  public static Stream<GeneratedProgram> alike() {
    return new Grammar()
        .bodiesUpTo(2).stream().map(body -> program(List.of(body, body, body), false));
  }

  private static Stream<GeneratedProgram> triples(List<Statement> all) {
    return IntStream.range(0, all.size())
        .boxed()
        .flatMap(
            i ->
                IntStream.rangeClosed(0, i)
                    .boxed()
                    .flatMap(
                        j ->
                            IntStream.rangeClosed(0, j)
                                .mapToObj(
                                    k ->
                                        program(
                                            List.of(
                                                List.of(all.get(i)),
                                                List.of(all.get(j)),
                                                List.of(all.get(k))),
                                            false))));
  }

  private static GeneratedProgram program(List<List<Statement>> tasks, boolean daemon) {
    return new GeneratedProgram(WORDS, LOCKS, tasks, daemon);
  }

  /// For each renaming, what each body becomes, as a number.
  private static List<int[]> renamings(List<List<Statement>> bodies) {
    Map<List<Statement>, Integer> numbers = new HashMap<>();
    bodies.forEach(body -> numbers.put(body, numbers.size()));
    return Renaming.ALL.stream().map(r -> r.of(bodies, numbers)).toList();
  }

  /// Whether the pair (i, j), i >= j, comes before what it is renamed to, in whichever order.
  private static boolean isFirst(int i, int j, int renamedI, int renamedJ) {
    int high = Math.max(renamedI, renamedJ);
    int low = Math.min(renamedI, renamedJ);
    return i < high || (i == high && j <= low);
  }

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
                            program(List.of(firsts.get(i), second), false)));
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
