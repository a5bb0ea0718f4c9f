package shootdown.check.generated;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/// Makes small programs at random, the same for the same seed.
public final class Generator {
  private static final int WORDS = 2;
  private static final int LOCKS = 2;

  /// What loops wait for in which things are asked.
  private static final int AWAITED = 1;

  /// Three tasks that count at the same time do not count beyond its bit.
  private static final long MOST = 4;

  private final Random random;
  private final boolean counts;
  private final boolean asks;
  private int budget;
  private boolean inLoop;
  private final BitSet held = new BitSet();

  private Generator(long seed, boolean counts, boolean asks) {
    random = new Random(seed);
    this.counts = counts;
    this.asks = asks;
  }

  /// The program of a seed.
  public static GeneratedProgram program(long seed) {
    return new Generator(seed, false, false).program();
  }

  /// Another one, which has loops that count in a word, and loops that try a few times.
  public static GeneratedProgram counting(long seed) {
    return new Generator(seed, true, false).program();
  }

  /// Another one, of tasks that go round until what they choose, by habit, lets them end.
  public static GeneratedProgram asking(long seed) {
    return new Generator(seed, false, true).loops();
  }

  /// As [#asking], but each choice is a new one.
  public static GeneratedProgram choosing(long seed) {
    return new Generator(seed, false, false).loops();
  }

  private GeneratedProgram program() {
    int count = random.nextInt(5) == 0 ? 3 : 2;
    boolean daemon = random.nextInt(8) == 0;
    var tasks = new ArrayList<List<Statement>>();
    for (int t = 0; t < count; t++) {
      budget = count == 2 ? 8 : 5;
      budget -= counts ? 2 : 0;
      tasks.add(statements(2 + random.nextInt(3), 0, false));
    }
    return new GeneratedProgram(WORDS, LOCKS, tasks, daemon);
  }

  private GeneratedProgram loops() {
    var tasks = new ArrayList<List<Statement>>();
    int count = 1 + random.nextInt(2);
    for (int t = 0; t < count; t++) {
      var turn = new ArrayList<Statement>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        turn.add(asking());
      }
      tasks.add(List.of(new Statement.Until(AWAITED, 1, turn)));
    }
    return new GeneratedProgram(WORDS, LOCKS, tasks, false);
  }

  private List<Statement> statements(int count, int depth, boolean atomic) {
    var statements = new ArrayList<Statement>();
    for (int i = 0; i < count && budget > 0; i++) {
      budget--;
      int kind = random.nextInt(20);
      if (counts && !atomic && random.nextInt(4) == 0) {
        statements.add(counting(depth));
      } else if (kind == 0 && !atomic) {
        statements.add(waiting());
      } else if (kind == 1) {
        statements.add(reporting());
      } else {
        statements.add(kind < 10 && depth < 3 ? compound(depth, atomic) : simple());
      }
    }
    return statements;
  }

  private List<Statement> body(int depth, boolean atomic) {
    return statements(1 + random.nextInt(3), depth + 1, atomic);
  }

  private int word() {
    return random.nextInt(WORDS);
  }

  private long value() {
    return random.nextInt(3);
  }

  private Statement simple() {
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> new Statement.Read(word());
      case 4, 5, 6 -> new Statement.Write(word(), value());
      case 7, 8 -> new Statement.Store(word());
      case 9, 10 -> inLoop ? new Statement.Write(word(), 0) : new Statement.Add(word(), 1);
      case 11 -> new Statement.Cas(word(), value(), value());
      case 12 -> new Statement.Swap(word(), value());
      default -> new Statement.Choose(2);
    };
  }

  private Statement waiting() {
    return random.nextInt(3) == 0
        ? new Statement.Sleep(word(), value())
        : new Statement.Await(word(), random.nextInt(2));
  }

  private Statement reporting() {
    return switch (random.nextInt(4)) {
      case 0 -> new Statement.IfLocal(value(), List.of(new Statement.Violate(1)));
      case 1 -> new Statement.IfLocal(value(), List.of(new Statement.Fail(2)));
      case 2 -> new Statement.Violate(3);
      default -> new Statement.Progress();
    };
  }

  /// What is done where the answer is 1, or where it is 0: mostly, what ends the loop.
  private Statement asking() {
    int question = random.nextInt(2);
    var done = random.nextBoolean() ? new Statement.Write(AWAITED, 1) : simple();
    return new Statement.Scope(
        List.of(
            asks ? new Statement.Ask(question) : new Statement.Choose(2),
            new Statement.IfLocal(random.nextInt(2), List.of(done))));
  }

  private Statement counting(int depth) {
    var body = random.nextBoolean() || depth > 2 ? List.<Statement>of() : turn(depth);
    return switch (random.nextInt(4)) {
      case 0, 1 -> new Statement.Count(word(), MOST, body);
      case 2 -> new Statement.Try(1 + random.nextInt(3), word(), body);
      default -> new Statement.Update(word());
    };
  }

  private Statement compound(int depth, boolean atomic) {
    int kind = random.nextInt(atomic ? 3 : 14);
    return switch (kind) {
      case 0 ->
          new Statement.If(word(), value(), body(depth, atomic), body(depth, atomic));
      case 1 -> new Statement.Scope(body(depth, atomic));
      case 2 -> new Statement.IfLocal(value(), body(depth, atomic));
      case 3, 4, 5, 6, 7, 8 -> locked(kind, depth);
      case 9, 10, 11 -> new Statement.Atomic(atomicBody(depth));
      case 12 -> new Statement.Times(2, body(depth, false));
      default -> new Statement.Until(word(), random.nextInt(2), turn(depth));
    };
  }

  private Statement locked(int kind, int depth) {
    int lock = random.nextInt(LOCKS);
    if (held.get(lock)) {
      return simple();
    }
    held.set(lock);
    var body = body(depth, false);
    var statement =
        switch (kind) {
          case 3 -> new Statement.ReadLocked(lock, body);
          case 4 -> new Statement.TryLocked(lock, body);
          case 5 -> new Statement.Downgraded(lock, body, body(depth, false));
          default -> new Statement.Locked(lock, body);
        };
    held.clear(lock);
    return statement;
  }

  /// Nothing in it counts without end.
  private List<Statement> turn(int depth) {
    boolean before = inLoop;
    inLoop = true;
    var body = body(depth, false);
    inLoop = before;
    return body;
  }

  private List<Statement> atomicBody(int depth) {
    var body = new ArrayList<Statement>();
    if (random.nextInt(8) == 0) {
      body.add(new Statement.Await(word(), random.nextInt(2)));
    }
    body.addAll(body(depth, true));
    return body;
  }
}
