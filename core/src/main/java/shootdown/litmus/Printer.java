package shootdown.litmus;

import java.util.List;
import java.util.stream.Collectors;

/// Writes tests: parsing the result gives the same tree again, but for positions. Comments other
/// than the header's are not part of the tree.
public final class Printer {
  private final StringBuilder out = new StringBuilder();
  private String indent = "";

  private Printer() {}

  /// The whole file.
  public static String print(LitmusTest test) {
    Printer printer = new Printer();
    printer.line("MM " + test.name());
    printer.line("");
    printer.header(test.header());
    printer.block(test.init());
    for (LitmusThread thread : test.threads()) {
      printer.line("");
      printer.line(heading(thread));
      printer.block(thread.body().statements());
    }
    printer.condition(test.condition());
    return printer.out.toString();
  }

  /// A statement as one line: `r1 = *x;`, `if (r1 == 0) { *x = 1; }`.
  public static String oneLine(Statement statement) {
    if (statement instanceof Statement.Assign(var target, var source, _)) {
      return target(target) + ExpressionPrinter.source(source) + ";";
    }
    Printer printer = new Printer();
    printer.statement(statement);
    return printer.out.toString().lines().map(String::strip).collect(Collectors.joining(" "));
  }

  /// An expression: `r1 == PAGE + 8`.
  public static String print(Expression expression) {
    return ExpressionPrinter.expression(expression);
  }

  /// A condition: `exists (0:sig=0 /\ 0:r1=1)`; empty where there is none.
  public static String print(Condition condition) {
    return switch (condition) {
      case Condition.None _ -> "";
      case Condition.Over(var quantifier, var proposition, _) ->
          quantifier.label() + " (" + proposition(proposition, 1) + ")";
    };
  }

  private void line(String text) {
    out.append(text.isEmpty() ? "" : indent).append(text).append('\n');
  }

  private void header(Header header) {
    String text = HeaderPrinter.lines(header);
    if (!text.isEmpty()) {
      out.append(text).append('\n');
    }
  }

  /// The line above a thread: `P0()`, `kthread K0() @cpu 1`.
  public static String heading(LitmusThread thread) {
    String kind = switch (thread.kind()) {
      case USER -> "";
      case CHILD -> "child ";
      case KTHREAD -> "kthread ";
    };
    boolean own = thread.kind() != LitmusThread.Kind.KTHREAD && thread.cpu() == thread.number();
    return kind + thread.name() + "()" + (own ? "" : " @cpu " + thread.cpu());
  }

  private void block(List<Statement> statements) {
    line("{");
    String outer = indent;
    indent = outer + "  ";
    statements.forEach(this::statement);
    indent = outer;
    line("}");
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Assign(var target, var source, _) ->
          line(target(target) + ExpressionPrinter.source(source) + ";");
      case Statement.If(var condition, var then, var otherwise, _) -> {
        line("if (" + print(condition) + ")");
        block(then.statements());
        if (!otherwise.statements().isEmpty()) {
          line("else");
          block(otherwise.statements());
        }
      }
      case Statement.While(var condition, var body, _) -> {
        line("while (" + print(condition) + ")");
        block(body.statements());
      }
      case Statement.Block(var statements, _) -> block(statements);
    }
  }

  private static String target(Target target) {
    return switch (target) {
      case Target.Nothing _ -> "";
      case Target.Register(var name, _) -> name + " = ";
      case Target.Memory(var place) -> ExpressionPrinter.place(place) + " = ";
    };
  }

  private void condition(Condition condition) {
    String text = print(condition);
    if (!text.isEmpty()) {
      line("");
      line(text);
    }
  }

  /// @param loosest 1 where an `\/` needs no parentheses, 2 for `/\`, 3 for neither
  private static String proposition(Proposition proposition, int loosest) {
    return switch (proposition) {
      case Proposition.Compare(var observable, var relation, var value, _) ->
          observable.label() + relation.symbol() + value(value);
      case Proposition.Not(var operand, _) -> "~(" + proposition(operand, 1) + ")";
      case Proposition.And(var left, var right, _) -> parenthesized(loosest > 2,
          proposition(left, 2) + " /\\ " + proposition(right, 3));
      case Proposition.Or(var left, var right, _) -> parenthesized(loosest > 1,
          proposition(left, 1) + " \\/ " + proposition(right, 2));
    };
  }

  private static String value(Expression value) {
    boolean loose = value instanceof Expression.Binary binary
        && binary.operator().precedence() < BinaryOperator.SHIFT_LEFT.precedence();
    return parenthesized(loose, print(value));
  }

  private static String parenthesized(boolean needed, String text) {
    return needed ? "(" + text + ")" : text;
  }
}
