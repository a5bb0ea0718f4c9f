package shootdown.litmus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shootdown.litmus.LitmusThread.Kind;
import shootdown.litmus.Statement.Block;

/// Reads a whole file.
final class TestParser {
  private static final int NO_CPU = -1;

  private final SourceText source;
  private final Diagnostics diagnostics;
  private final FirstLine firstLine;
  private final Lexer lexer;
  private final Cursor cursor;
  private final Scope scope = new Scope();
  private final Damage damage = new Damage();
  private final StatementParser statements;

  TestParser(String fileName, String text) {
    source = new SourceText(fileName, text);
    diagnostics = new Diagnostics(source);
    String first = source.lines().getFirst();
    firstLine = FirstLine.read(fileName, first, diagnostics);
    lexer = new Lexer(text, firstLine.isHeader() ? first.length() : 0, diagnostics);
    cursor = new Cursor(lexer, diagnostics);
    statements = new StatementParser(cursor, scope);
  }

  ParseResult parse(Examiner examiner) {
    List<Statement> init = initialState();
    scope.startThreads();
    List<LitmusThread> threads = placed(threads());
    Condition condition = condition(GlobalKinds.of(init));
    Header header = new Facts(diagnostics).read(lexer.heading(), lexer.inner());
    LitmusTest test = new LitmusTest(firstLine.name(), header, init, threads, condition);
    new Checker(test, damage, diagnostics).check();
    examiner
        .examine(new ParseResult.Parsed(test, source))
        .forEach(d -> diagnostics.add(d.at(), d.message()));
    return diagnostics.isEmpty()
        ? new ParseResult.Parsed(test, source)
        : new ParseResult.Rejected(source.fileName(), diagnostics.sorted());
  }

  private List<Statement> initialState() {
    int before = cursor.failures();
    int mark = cursor.mark();
    if (!cursor.at("{")) {
      cursor.fail("expected the initial state '{ ... }', found " + cursor.peek().quoted());
      while (!cursor.atEnd() && !cursor.at("{") && !cursor.atPart()) {
        cursor.next();
      }
    }
    List<Statement> init = cursor.at("{") ? statements.block().statements() : List.of();
    if (cursor.failures() > before) {
      damage.initialState(cursor.assignedSince(mark));
    }
    return init.stream().filter(s -> !isEmpty(s)).toList();
  }

  private static boolean isEmpty(Statement statement) {
    return statement instanceof Block(var statements, _) && statements.isEmpty();
  }

  private List<LitmusThread> threads() {
    List<LitmusThread> threads = new ArrayList<>();
    while (!cursor.atEnd() && !cursor.atCondition()) {
      int before = cursor.failures();
      int mark = cursor.mark();
      try {
        LitmusThread thread = thread();
        threads.add(thread);
        if (cursor.failures() > before) {
          damage.thread(thread, cursor.assignedSince(mark));
        }
      } catch (Cursor.Unreadable _) {
        damage.threads();
        skipToPart();
      }
    }
    if (threads.isEmpty() && !damage.lostThreads()) {
      cursor.fail("expected a thread, 'P0() { ... }', found " + cursor.peek().quoted());
      damage.threads();
    }
    return threads;
  }

  private void skipToPart() {
    while (!cursor.atEnd() && !cursor.atPart()) {
      if (cursor.at("{")) {
        cursor.skipBalanced();
      } else {
        cursor.next();
      }
    }
  }

  private LitmusThread thread() {
    Kind kind = cursor.accept("child") ? Kind.CHILD
        : cursor.accept("kthread") ? Kind.KTHREAD : Kind.USER;
    Token name = cursor.peek();
    int number = threadNumber(kind, name);
    cursor.next();
    parameters();
    int cpu = cursor.accept("@") ? cpu() : kind == Kind.KTHREAD ? NO_CPU : number;
    return new LitmusThread(kind, number, cpu, statements.block(), name.at());
  }

  private int threadNumber(Kind kind, Token name) {
    if (name.is("~")) {
      damage.condition();
      throw cursor.failAt(cursor.ahead(1), "expected 'exists' after '~', found "
          + cursor.ahead(1).quoted());
    }
    if (!name.isWord() || name.is("child") || name.is("kthread")) {
      throw cursor.fail("expected a thread, 'P0() { ... }', or a condition, found "
          + name.quoted());
    }
    rejectMisspeltCondition(name);
    String letter = kind == Kind.KTHREAD ? "K" : "P";
    if (!ThreadName.isOne(name)) {
      if (!cursor.ahead(1).is("(")) {
        throw cursor.fail("expected a thread, 'P0() { ... }', or a condition, found "
            + name.quoted());
      }
      cursor.report(name.at(), "a thread is called " + letter + "0, " + letter + "1, ...");
      damage.threads();
      return 0;
    }
    if (!name.text().startsWith(letter)) {
      cursor.report(name.at(), kind == Kind.KTHREAD
          ? "a kthread is called K0, K1, ..." : "write 'kthread " + name.text() + "()'");
    }
    int number = ThreadName.number(name.text().substring(1));
    if (number < 0) {
      cursor.report(name.at(), "threads have numbers from 0 to " + (ThreadName.LIMIT - 1));
      damage.threads();
    }
    return Math.max(0, number);
  }

  private void rejectMisspeltCondition(Token name) {
    boolean known = ThreadName.isOne(name) || name.text().length() < 3;
    String suggestion = known ? "" : Suggestion.of(name.text(), List.of("exists", "forall"));
    if (!suggestion.isEmpty()) {
      damage.condition();
      throw cursor.fail("expected a thread or a condition, found " + name.quoted() + suggestion);
    }
  }

  private void parameters() {
    cursor.expect("(");
    if (!cursor.at(")")) {
      cursor.report(cursor.peek().at(),
          "threads have no parameters: they know the names of the initial state");
      while (!cursor.atEnd() && !cursor.at(")") && !cursor.at("{")) {
        cursor.next();
      }
    }
    cursor.expect(")");
  }

  private int cpu() {
    cursor.expect("cpu");
    Token number = cursor.peek();
    int cpu = number.isNumber() ? ThreadName.number(number.text()) : -1;
    if (cpu < 0) {
      throw cursor.fail("expected a CPU from 0 to " + (ThreadName.LIMIT - 1) + ", found "
          + number.quoted());
    }
    cursor.next();
    return cpu;
  }

  /// Gives each kthread without `@cpu` a CPU of its own, behind all others.
  private static List<LitmusThread> placed(List<LitmusThread> threads) {
    Set<Integer> used = new HashSet<>();
    threads.forEach(t -> used.add(t.cpu()));
    int next = used.stream().mapToInt(cpu -> cpu).max().orElse(-1) + 1;
    List<LitmusThread> placed = new ArrayList<>();
    for (LitmusThread t : threads) {
      int cpu = t.cpu() == NO_CPU ? next++ : t.cpu();
      placed.add(new LitmusThread(t.kind(), t.number(), cpu, t.body(), t.at()));
    }
    return placed;
  }

  private Condition condition(Map<String, GlobalKind> globals) {
    if (cursor.atEnd()) {
      return new Condition.None();
    }
    try {
      ExpressionParser expressions = new ExpressionParser(cursor, scope);
      Condition condition = new ConditionParser(cursor, expressions, globals).condition();
      cursor.accept(";");
      if (!cursor.atEnd()) {
        cursor.fail("nothing may follow the condition, found " + cursor.peek().quoted());
      }
      return condition;
    } catch (Cursor.Unreadable _) {
      damage.condition();
      return new Condition.None();
    }
  }
}
