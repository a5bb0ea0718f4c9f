package shootdown.check.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes small programs at random, the same for the same seed.
public final class Generator {
  private static final int WORDS = 3;
  private static final int LOCKS = 2;

  private final Random random;
  private int budget;
  private boolean inLoop;

  private Generator(long seed) {
    random = new Random(seed);
  }

  /// The program of a seed.
  public static GeneratedProgram program(long seed) {
    return new Generator(seed).program();
  }

  private GeneratedProgram program() {
    int count = random.nextInt(5) == 0 ? 3 : 2;
    boolean daemon = random.nextInt(6) == 0;
    var tasks = new ArrayList<List<Statement>>();
    for (int t = 0; t < count; t++) {
      budget = count == 2 ? 9 : 6;
      tasks.add(statements(1 + random.nextInt(4), 0, false));
    }
    return new GeneratedProgram(WORDS, LOCKS, tasks, daemon);
  }

  private List<Statement> statements(int count, int depth, boolean atomic) {
    var statements = new ArrayList<Statement>();
    for (int i = 0; i < count && budget > 0; i++) {
      budget--;
      statements.add(
          depth < 3 && random.nextInt(5) < 2 ? compound(depth, atomic) : simple(atomic));
    }
    return statements;
  }

  private List<Statement> body(int depth, boolean atomic) {
    return statements(1 + random.nextInt(3), depth + 1, atomic);
  }

  private int word() {
    return random.nextInt(WORDS);
  }

  private int lock() {
    return random.nextInt(LOCKS);
  }

  private long value() {
    return random.nextInt(3);
  }

  private Statement simple(boolean atomic) {
    return switch (random.nextInt(atomic ? 16 : 20)) {
      case 0, 1, 2 -> new Statement.Read(word());
      case 3, 4, 5 -> new Statement.Write(word(), value());
      case 6, 7 -> new Statement.Store(word());
      case 8 -> inLoop ? new Statement.Write(word(), 0) : new Statement.Add(word(), 1);
      case 9 -> new Statement.Cas(word(), value(), value());
      case 10 -> new Statement.Swap(word(), value());
      case 11 -> new Statement.Choose(2);
      case 12 -> new Statement.IfLocal(value(), List.of(new Statement.Violate(1)));
      case 13 -> new Statement.IfLocal(value(), List.of(new Statement.Fail(2)));
      case 14 -> new Statement.Violate(3);
      case 15 -> new Statement.Progress();
      case 16, 17 -> new Statement.Await(word(), value());
      case 18 -> new Statement.Sleep(word(), value());
      default -> new Statement.IfLocal(1, List.of(new Statement.Violate(4)));
    };
  }

  private Statement compound(int depth, boolean atomic) {
    return switch (random.nextInt(atomic ? 3 : 15)) {
      case 0 ->
          new Statement.If(word(), value(), body(depth, atomic), body(depth, atomic));
      case 1 -> new Statement.Scope(body(depth, atomic));
      case 2 -> new Statement.IfLocal(value(), body(depth, atomic));
      case 3, 4, 5, 6 -> new Statement.Locked(lock(), body(depth, false));
      case 7, 8 -> new Statement.ReadLocked(lock(), body(depth, false));
      case 9 -> new Statement.TryLocked(lock(), body(depth, false));
      case 10 -> new Statement.Downgraded(lock(), body(depth, false), body(depth, false));
      case 11, 12 -> new Statement.Atomic(atomicBody(depth));
      case 13 -> new Statement.Times(2, body(depth, false));
      default -> new Statement.Until(word(), value(), turn(depth));
    };
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
    if (random.nextInt(4) == 0) {
      body.add(new Statement.Await(word(), value()));
    }
    body.addAll(body(depth, true));
    return body;
  }
}
