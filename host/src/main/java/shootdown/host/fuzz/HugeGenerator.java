package shootdown.host.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import shootdown.litmus.LitmusTest;
import shootdown.model.Seeds;

/// Writes random programs about huge pages, which mean the same whatever the size of a huge page
/// is.
///
/// What the memory holds at its last pages, which no condition can name, goes into words of a file
/// at the end: pwrite() tells what is not readable by EFAULT, so that all is seen in any case.
final class HugeGenerator {
  private static final int MOST_STATEMENTS = 9;
  private static final int MOST_OF_A_THREAD = 2;
  private static final int MOST_OF_A_CHILD = 4;
  private static final int SELDOM = 6;
  private static final int FIRST_VALUE = 11;
  private static final List<String> NAMES = List.of("x", "y", "z");
  private static final List<Borders.Border> LAST_PAGES =
      List.of(new Borders.Border(1, -1), new Borders.Border(1, 0), new Borders.Border(2, -1));

  private final SplittableRandom random;
  private final Ingredients has;
  private final HugeCalls calls;
  private int registers;

  private HugeGenerator(SplittableRandom random, HugeCalls.Other other) {
    this.random = random;
    this.has = Ingredients.some(random);
    this.calls = new HugeCalls(random, has, other);
  }

  /// As [ProgramGenerator#sequential].
  static LitmusTest sequential(long seed, long number) {
    return new HugeGenerator(Seeds.random(seed, number), HugeCalls.Other.HOST)
        .alone("huge" + number);
  }

  /// As [ProgramGenerator#concurrent].
  static LitmusTest concurrent(long seed, long number) {
    return new HugeGenerator(Seeds.random(~seed, number), HugeCalls.Other.HOST)
        .both("hugepair" + number);
  }

  /// Program `number` of one thread, to be compared by [SmallTwin].
  static LitmusTest forTwins(long seed, long number) {
    return new HugeGenerator(Seeds.random(seed, number), HugeCalls.Other.SMALL_TWIN)
        .alone("twin" + number);
  }

  private LitmusTest alone(String name) {
    var initial = initial();
    var statements = statements(2 + random.nextInt(MOST_STATEMENTS - 1));
    String child = "";
    if (random.nextInt(SELDOM) == 0) {
      int at = random.nextInt(statements.size());
      statements.add(at, register() + " = wait(P1)");
      statements.add(at, register() + " = fork(P1)");
      child = Watched.thread("child P1()", statements(1 + random.nextInt(MOST_OF_A_CHILD)));
    }
    int word = 2;
    for (String memory : NAMES) {
      for (var page : LAST_PAGES) {
        statements.add(
            "%s = pwrite(f, %s%s, WORD, %d * WORD)".formatted(
                register(), memory, page.offset(), word++));
      }
    }
    return new Watched(NAMES, 2, word)
        .test(name, initial, Watched.thread("P0()", statements) + child);
  }

  private LitmusTest both(String name) {
    var initial = initial();
    var threads = new StringBuilder();
    for (int i = 0; i < 2; i++) {
      registers = 0;
      threads.append(
          Watched.thread("P" + i + "()", statements(1 + random.nextInt(MOST_OF_A_THREAD))));
    }
    return new Watched(List.of("x", "y"), 2, 0).test(name, initial, threads.toString());
  }

  /// Memory `x` mostly has a huge page when the threads start.
  private List<String> initial() {
    var initial = new ArrayList<String>();
    initial.add("f = file(2 * PAGE)");
    initial.add("g = file(PAGE)");
    initial.addAll(has.statements());
    for (String name : NAMES) {
      initial.add((name.equals("z") ? "z" : "at_" + name) + " = reserve(2 * HPAGE)");
    }
    for (String name : List.of("x", "y")) {
      var range = firstRange();
      initial.add(
          name + " = " + calls.mapping("at_" + name, range, "PROT_READ|PROT_WRITE", ""));
      if (calls.collapses()) {
        initial.add("madvise(" + name + ", " + range.length() + ", MADV_POPULATE_WRITE)");
        initial.add("madvise(" + name + ", " + range.length() + ", MADV_DONTNEED)");
      }
      if (name.equals("x") || random.nextInt(4) > 0) {
        initial.add("madvise(" + name + ", HPAGE, MADV_HUGEPAGE)");
      }
      for (var page : List.of(new Borders.Border(0, 0), LAST_PAGES.getFirst())) {
        if (random.nextInt(3) == 0) {
          initial.add(
              HugeCalls.word(name, page, 0) + " = " + (1 + random.nextInt(FIRST_VALUE - 1)));
        }
      }
    }
    return initial;
  }

  /// One huge page or two, from the beginning.
  private Borders firstRange() {
    return new Borders(new Borders.Border(0, 0), new Borders.Border(1 + random.nextInt(2), 0));
  }

  private List<String> statements(int count) {
    var statements = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> statements.add(calls.place() + " = " + (FIRST_VALUE + random.nextInt(9)));
        case 3 -> statements.add(register() + " = " + calls.place());
        default -> statements.add(call());
      }
    }
    return statements;
  }

  private String call() {
    String result = register();
    if (calls.collapses() && random.nextInt(8) == 0) {
      return calls.collapse(result);
    }
    String call = calls.call();
    return hasAddress(call) // which has another number elsewhere
        ? "{ %1$s = %2$s; %1$s = (%1$s < 0) * %1$s; }".formatted(result, call)
        : result + " = " + call;
  }

  private static boolean hasAddress(String call) {
    return call.startsWith("mmap") || call.startsWith("mremap");
  }

  private String register() {
    return "r" + ++registers;
  }
}
