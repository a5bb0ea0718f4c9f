package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Printer;
import shootdown.litmus.Statement;
import shootdown.model.Checker;

/// A litmus test as lines of text that can be put together anew: without comments, and without a
/// condition, so that all registers and signals count.
///
/// @param init statements of the initial state
/// @param threads in their order
record Sketch(List<String> init, List<Thread> threads) {
  Sketch {
    init = List.copyOf(init);
    threads = List.copyOf(threads);
  }

  /// A thread.
  ///
  /// @param heading `P0() @cpu 1`
  /// @param kind what it is
  record Thread(String heading, LitmusThread.Kind kind, List<String> statements) {
    Thread {
      statements = List.copyOf(statements);
    }

    Thread with(List<String> others) {
      return new Thread(heading, kind, others);
    }
  }

  static Sketch of(LitmusTest test) {
    return new Sketch(
        lines(test.init()),
        test.threads().stream()
            .map(t -> new Thread(Printer.heading(t), t.kind(), lines(t.body().statements())))
            .toList());
  }

  private static List<String> lines(List<Statement> statements) {
    return statements.stream().map(Printer::oneLine).toList();
  }

  Sketch withInit(List<String> others) {
    return new Sketch(others, threads);
  }

  Sketch withThread(int number, List<String> statements) {
    var others = new ArrayList<>(threads);
    others.set(number, threads.get(number).with(statements));
    return new Sketch(init, others);
  }

  Sketch plus(Thread thread) {
    var others = new ArrayList<>(threads);
    others.add(thread);
    return new Sketch(init, others);
  }

  Sketch without(int number) {
    var others = new ArrayList<>(threads);
    others.remove(number);
    return new Sketch(init, others);
  }

  int statements() {
    return threads.stream().mapToInt(t -> t.statements().size()).sum();
  }

  /// The file's text.
  String text(String name) {
    var text = new StringBuilder("MM " + name + "\n\n{\n");
    init.forEach(line -> text.append("  ").append(line).append('\n'));
    text.append("}\n");
    for (var thread : threads) {
      text.append('\n').append(thread.heading()).append("\n{\n");
      thread.statements().forEach(line -> text.append("  ").append(line).append('\n'));
      text.append("}\n");
    }
    return text.toString();
  }

  /// The test; empty if this is none.
  Optional<ParseResult.Parsed> test(String name) {
    return Litmus.parse(name + ".litmus", text(name), Checker::examine)
            instanceof ParseResult.Parsed parsed
        ? Optional.of(parsed)
        : Optional.empty();
  }
}
