package shootdown.model;

import java.util.List;
import java.util.function.ToLongFunction;
import shootdown.kernel.data.Current;
import shootdown.litmus.Argument;
import shootdown.litmus.Call;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.Printer;
import shootdown.litmus.Statement;
import shootdown.litmus.Target;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Runs the statements of one thread of a test. Each statement is a scope: what it read is
/// forgotten when it ends, and its results are in the thread's registers, which are words.
final class ThreadCode {
  /// Whether a thread goes on after a statement.
  private enum Flow {
    ON,
    ENDED
  }

  /// A signal ended the thread; thrown and caught within one statement.
  private static final class Signalled extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int signal;

    Signalled(int signal) {
      super("signal " + signal, null, false, false);
      this.signal = signal;
    }
  }

  private final Steps steps;
  private final Current me;
  private final SystemInterface system;
  private final ThreadState state;
  private final ToLongFunction<String> globals;
  private final long hugePage;

  /// @param globals what the initial state bound
  /// @param hugePage what `HPAGE` is, in bytes
  ThreadCode(
      Steps steps,
      Current me,
      SystemInterface system,
      ThreadState state,
      ToLongFunction<String> globals,
      long hugePage) {
    this.steps = steps;
    this.me = me;
    this.system = system;
    this.state = state;
    this.globals = globals;
    this.hugePage = hugePage;
  }

  /// Runs all statements, or up to the one that a signal ends the thread in.
  void run(List<Statement> statements) {
    for (var statement : statements) {
      if (scoped(statement) == Flow.ENDED) {
        break;
      }
    }
  }

  private Flow scoped(Statement statement) {
    return steps.call(label(statement), () -> caught(statement));
  }

  private Flow caught(Statement statement) {
    try {
      return execute(statement);
    } catch (Signalled signalled) {
      state.signal().write(signalled.signal);
      return Flow.ENDED;
    }
  }

  private Flow execute(Statement statement) {
    return switch (statement) {
      case Statement.Assign(var target, var source, _) -> assign(target, source);
      case Statement.If(var condition, var then, var otherwise, _) ->
          block(value(condition) != 0 ? then : otherwise);
      case Statement.While loop -> repeat(loop);
      case Statement.Block block -> block(block);
    };
  }

  private Flow block(Statement.Block block) {
    for (var statement : block.statements()) {
      if (scoped(statement) == Flow.ENDED) {
        return Flow.ENDED;
      }
    }
    return Flow.ON;
  }

  private Flow repeat(Statement.While loop) {
    return steps.retry(
        "while",
        () -> {
          boolean again;
          try {
            again = value(loop.condition()) != 0;
          } catch (Signalled signalled) {
            state.signal().write(signalled.signal);
            return Turn.done(Flow.ENDED);
          }
          if (!again) {
            return Turn.done(Flow.ON);
          }
          // its instructions complete: that a test waits for ever is no livelock of the kernel
          steps.progress();
          return block(loop.body()) == Flow.ENDED ? Turn.done(Flow.ENDED) : Turn.again(true);
        });
  }

  private Flow assign(Target target, shootdown.litmus.Source source) {
    long value =
        switch (source) {
          case Call call -> call(call);
          case Expression expression -> value(expression);
        };
    switch (target) {
      case Target.Nothing _ -> {}
      case Target.Register(var name, _) -> state.register(name).write(value);
      case Target.Memory(var place) -> store(value(place.address()), value);
    }
    return Flow.ON;
  }

  private void store(long address, long value) {
    int signal = system.store(me, address, value);
    if (signal != 0) {
      throw new Signalled(signal);
    }
  }

  private long call(Call call) {
    var arguments =
        call.arguments().stream()
            .map(
                a ->
                    switch (a) {
                      case Argument.Buffer(var register, _) ->
                          SystemInterface.Given.buffer(state.register(register));
                      case Argument.Child(var thread, _) -> SystemInterface.Given.number(thread);
                      case Expression expression ->
                          SystemInterface.Given.number(value(expression));
                    })
            .toList();
    long result = system.call(me, call.function(), arguments);
    int signal = system.pending(me);
    if (signal != 0) {
      throw new Signalled(signal);
    }
    return result;
  }

  private long value(Expression expression) {
    return Evaluation.of(expression, new Registers());
  }

  private static String label(Statement statement) {
    return switch (statement) {
      case Statement.Assign assign -> Printer.oneLine(assign);
      case Statement.If _ -> "if";
      case Statement.While _ -> "";
      case Statement.Block _ -> "";
    };
  }

  /// What expressions see.
  private final class Registers implements Evaluation.Environment {
    @Override
    public long global(String name) {
      return globals.applyAsLong(name);
    }

    @Override
    public long constant(Expression.Constant constant) {
      return constant.name().equals("HPAGE") ? hugePage : constant.value();
    }

    @Override
    public long register(String name) {
      return state.register(name).read();
    }

    @Override
    public long load(long address) {
      var loaded = system.load(me, address);
      if (loaded.signal() != 0) {
        throw new Signalled(loaded.signal());
      }
      return loaded.value();
    }

    @Override
    public long threadId() {
      return me.tid();
    }
  }
}
