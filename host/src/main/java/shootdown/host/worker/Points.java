package shootdown.host.worker;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import shootdown.litmus.Call;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;

/// Where threads of a test can be made to meet: before each of their assignments, calls among them.
/// How long each of those takes is measured.
///
/// A test whose threads call nothing has none: what stands between its accesses would change how
/// the processor carries them out.
public final class Points {
  public static final Points NONE = new Points(List.of());

  private final List<Point> all;
  private final Map<Statement, Point> of = new IdentityHashMap<>();

  /// A place of a test.
  ///
  /// @param thread number of the thread in the order of the file
  /// @param cpu that it runs on, in the test
  /// @param number in its thread, from 1 on
  /// @param index among all points of the test
  /// @param statement before which it is
  public record Point(int thread, int cpu, int number, int index, Statement.Assign statement) {
    /// `line 34`.
    public String place() {
      return "line " + statement.at().line();
    }
  }

  private Points(List<Point> all) {
    this.all = List.copyOf(all);
    all.forEach(point -> of.put(point.statement(), point));
  }

  /// Those of a test. One thread alone meets nobody, and yet its statements are measured.
  public static Points of(LitmusTest test) {
    if (Functions.in(test).stream().allMatch(f -> f == SystemCall.FORK)) {
      return NONE;
    }
    var found = new ArrayList<Point>();
    for (int i = 0; i < test.threads().size(); i++) {
      var thread = test.threads().get(i);
      int before = found.size();
      for (var statement : assignments(thread.body().statements())) {
        found.add(
            new Point(i, thread.cpu(), found.size() - before + 1, found.size(), statement));
      }
    }
    return new Points(found);
  }

  /// What waits for another thread anyhow is left out.
  private static List<Statement.Assign> assignments(List<Statement> statements) {
    var found = new ArrayList<Statement.Assign>();
    for (var statement : statements) {
      switch (statement) {
        case Statement.Assign(_, Call(var function, _, _), _)
            when function == SystemCall.FORK || function == SystemCall.WAIT -> {}
        case Statement.Assign assign -> found.add(assign);
        case Statement.If(_, var then, var otherwise, _) -> {
          found.addAll(assignments(then.statements()));
          found.addAll(assignments(otherwise.statements()));
        }
        case Statement.While(_, var body, _) -> found.addAll(assignments(body.statements()));
        case Statement.Block(var inner, _) -> found.addAll(assignments(inner));
      }
    }
    return found;
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /// Those of all threads, in the order of the file.
  public List<Point> all() {
    return all;
  }

  /// Those of one thread.
  List<Point> in(LitmusTest test, LitmusThread thread) {
    int index = test.threads().indexOf(thread);
    return all.stream().filter(point -> point.thread() == index).toList();
  }

  /// Whether there is one before this very statement.
  boolean isAt(Statement statement) {
    return of.containsKey(statement);
  }

  /// The one before a statement.
  Point at(Statement statement) {
    return of.get(statement);
  }
}
