package shootdown.host.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import shootdown.litmus.LitmusTest;
import shootdown.model.Seeds;

/// Writes random litmus tests: an initial state, a few system calls and accesses, and a condition
/// that names everything that can be seen at the end.
final class ProgramGenerator {
  private static final int PAGES = 3;
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
    return new ProgramGenerator(Seeds.random(seed, number)).alone("fuzz" + number);
  }

  /// Program `number` of two threads.
  static LitmusTest concurrent(long seed, long number) {
    return new ProgramGenerator(Seeds.random(~seed, number)).both("pair" + number);
  }

  /// Word `word` of a page, as a test writes it.
  static String word(String name, int page, int word) {
    int index = page * Watched.WORDS_OF_PAGE + word;
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
      child = Watched.thread("child P1()", statements(1 + random.nextInt(MOST_OF_A_CHILD)));
    }
    statements.add(register() + " = pread(f, NULL, WORD, " + probe() + ")");
    return watched(PAGES).test(name, initial, Watched.thread("P0()", statements) + child);
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
          Watched.thread("P" + i + "()", statements(1 + random.nextInt(MOST_OF_A_THREAD))));
    }
    return watched(2).test(name, initial, threads.toString());
  }

  /// With a condition that looks at everything.
  private static Watched watched(int pages) {
    return new Watched(Edges.NAMES, pages, Watched.WORDS);
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
