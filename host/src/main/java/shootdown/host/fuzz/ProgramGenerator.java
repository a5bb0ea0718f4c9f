package shootdown.host.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import shootdown.litmus.Condition;
import shootdown.litmus.Expression;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Observable;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Position;
import shootdown.litmus.Proposition;

/// Writes random litmus tests: an initial state, a few system calls and accesses, and a condition
/// that names everything that can be seen at the end.
final class ProgramGenerator {
  private static final int WORDS_OF_PAGE = 512;
  private static final int PAGES = 3;
  private static final int WORDS = 2;
  private static final int MOST_STATEMENTS = 9;
  private static final int MOST_OF_A_THREAD = 3;
  private static final int MOST_OF_A_CHILD = 4;
  private static final int SELDOM = 10;
  /// What `y` cannot grow into, and never merges with: how much room there is behind it is the
  /// kernel's affair.
  private static final String END =
      "end = mmap(NULL, PAGE, PROT_NONE, MAP_SHARED|MAP_ANONYMOUS, -1, 0)";
  /// Values that are no thread's number, on any Linux: a PI futex that holds one has no owner.
  private static final int FIRST_VALUE = 100_000_001;
  private static final Position NOWHERE = new Position(1, 1, 0);

  private final SplittableRandom random;
  private final Ingredients has;
  private final Calls calls;
  private int registers;

  private ProgramGenerator(SplittableRandom random) {
    this.random = random;
    this.has = Ingredients.some(random);
    this.calls = new Calls(random, has);
  }

  /// Program `number` of one thread, which may have a child that it waits for at once: a function
  /// of the seed and the number alone.
  static LitmusTest sequential(long seed, long number) {
    return generator(seed, number).alone("fuzz" + number);
  }

  /// Program `number` of two threads.
  static LitmusTest concurrent(long seed, long number) {
    return generator(~seed, number).both("pair" + number);
  }

  /// [SplittableRandom] goes on from number to number by adding a constant, so where it starts has
  /// to be mixed: multiples of that constant would be pieces of one and the same sequence.
  private static ProgramGenerator generator(long seed, long number) {
    return new ProgramGenerator(new SplittableRandom(mix(mix(seed) + number)));
  }

  /// A permutation of all numbers in which every bit depends on every other, that of SplitMix64
  /// (variant 13 of Stafford's "Better Bit Mixing").
  private static long mix(long bits) {
    long z = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /// Word `word` of a page, as a test writes it.
  static String word(String name, int page, int word) {
    int index = page * WORDS_OF_PAGE + word;
    return index == 0 ? "*" + name : name + "[" + index + "]";
  }

  private LitmusTest alone(String name) {
    var initial = initial(PAGES, Edges.FILE_LENGTHS);
    var statements = statements(2 + random.nextInt(MOST_STATEMENTS - 1));
    String child = "";
    if (random.nextInt(SELDOM) == 0) {
      int at = random.nextInt(statements.size());
      statements.add(at, register() + " = wait(P1)");
      statements.add(at, register() + " = fork(P1)");
      child = thread("child P1()", statements(1 + random.nextInt(MOST_OF_A_CHILD)));
    }
    statements.add(register() + " = pread(f, NULL, WORD, " + probe() + ")");
    return test(name, initial, thread("P0()", statements) + child, PAGES);
  }

  /// Whether the file ends before: EFAULT if not.
  private String probe() {
    return pick(List.of("0", "WORD", "PAGE", "PAGE + WORD", "2 * PAGE", "3 * PAGE"));
  }

  private LitmusTest both(String name) {
    var initial = initial(2, List.of("PAGE", "PAGE", "2 * PAGE", "0"));
    var threads = new StringBuilder();
    for (int i = 0; i < 2; i++) {
      registers = 0;
      threads.append(
          thread("P" + i + "()", statements(1 + random.nextInt(MOST_OF_A_THREAD))));
    }
    return test(name, initial, threads.toString(), 2);
  }

  private LitmusTest test(String name, List<String> initial, String threads, int pages) {
    String text = "MM " + name + "\n\n{\n" + lines(initial) + "}\n" + threads;
    return switch (Litmus.parse(name + ".litmus", text)) {
      case ParseResult.Parsed(var test, _) -> watched(test, pages);
      case ParseResult.Rejected rejected ->
          throw new IllegalStateException(rejected.render() + "\n" + text);
    };
  }

  /// With a condition that looks at everything.
  private static LitmusTest watched(LitmusTest test, int pages) {
    Set<Observable> seen = new LinkedHashSet<>();
    for (var thread : test.threads()) {
      seen.add(new Observable.Signal(thread.number()));
      for (var register : thread.registers()) {
        seen.add(new Observable.Register(thread.number(), register));
      }
    }
    for (int page = 0; page < pages; page++) {
      for (int word = 0; word < WORDS; word++) {
        long index = (long) page * WORDS_OF_PAGE + word;
        Edges.NAMES.forEach(name -> seen.add(new Observable.Memory(name, index)));
        seen.add(new Observable.File("f", index));
      }
    }
    var all =
        seen.stream()
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

  private static String thread(String heading, List<String> statements) {
    return "\n" + heading + "\n{\n" + lines(statements) + "}\n";
  }

  private static String lines(List<String> statements) {
    return statements.stream().map(s -> "  " + s + ";\n").collect(Collectors.joining());
  }

  private List<String> initial(int pages, List<String> lengths) {
    var initial = new ArrayList<String>();
    initial.add("f = file(" + pick(lengths) + ")");
    initial.addAll(has.statements());
    initial.add("z = reserve(" + pages + " * PAGE)");
    for (var name : List.of("x", "y")) {
      initial.add(name + " = " + calls.mapping("NULL", 1 + random.nextInt(pages), "f", ""));
    }
    initial.add(END);
    return initial;
  }

  private List<String> statements(int count) {
    var statements = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      statements.add(
          switch (random.nextInt(10)) {
            case 0, 1, 2 -> calls.place() + " = " + (FIRST_VALUE + random.nextInt(9));
            case 3 -> register() + " = " + calls.place();
            default -> register() + " = " + calls.call();
          });
    }
    return statements;
  }

  private String register() {
    return "r" + ++registers;
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
