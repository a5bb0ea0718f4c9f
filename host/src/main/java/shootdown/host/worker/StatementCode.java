package shootdown.host.worker;

import java.util.List;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Label;
import shootdown.host.x86.Reg;
import shootdown.litmus.Argument;
import shootdown.litmus.Call;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.Place;
import shootdown.litmus.Source;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;
import shootdown.litmus.Target;

/// Machine code of statements. Where an access faults, the worker's handler of signals takes the
/// thread to its end.
final class StatementCode {
  private static final int TIMEOUT = 3;
  private static final long FUTEX_COMMAND_MASK = ~(128L | 256L); // private, real-time clock
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAIT_BITSET = 9;

  private static final Reg[] ARGUMENTS = {
    Reg.RDI, Reg.RSI, Reg.RDX, Reg.R10, Reg.R8, Reg.R9
  };

  private final Assembler code;
  private final ExpressionCode expressions;
  private final ExpressionCode.Names names;
  private final Special special;
  private final UffdCode userfaultfd;

  /// What is no plain system call.
  interface Special {
    /// Called before and behind each assignment.
    default void before(Statement statement) {}

    default void after(Statement statement) {}

    /// `fork(Pn)`: RAX becomes what the test sees.
    void fork(int child);

    /// `wait(Pn)`: RAX becomes what the test sees.
    void waitFor(int child);

    /// `file(length)`: RAX becomes the descriptor; the length is in RAX.
    void file(Call call);

    /// `open(path, flags)`: RAX becomes the descriptor.
    void open(Call call);

    /// `pipe()`: RAX becomes the descriptor of the end that is read; the next one is the other end.
    void pipe();

    /// `userfaultfd(flags)`: RAX becomes the descriptor; RAX is the flags.
    void userfaultfd();

    /// RAX becomes an address that nothing is mapped at; RAX is the length.
    void reserve();

    /// `ksm_merge()` of the pages at RDI and RSI.
    void merge();

    /// The arguments of a call are in their registers, and it is about to be made.
    ///
    /// @return whether it was made; then RAX is what it gave
    default boolean make(Call call) {
      return false;
    }

    /// Whether the statements are those of the initial state.
    boolean isInitial();
  }

  StatementCode(Assembler code, ExpressionCode.Names names, Special special) {
    this.code = code;
    this.names = names;
    this.special = special;
    this.userfaultfd = new UffdCode(code);
    this.expressions = new ExpressionCode(code, names);
  }

  void statements(List<Statement> statements) {
    statements.forEach(this::statement);
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Assign(var target, var source, _) -> {
        special.before(statement);
        assign(target, source);
        special.after(statement);
      }
      case Statement.If(var condition, var then, var otherwise, _) -> {
        var no = code.label();
        var end = code.label();
        unless(condition, no);
        statements(then.statements());
        code.jump(end);
        code.bind(no);
        statements(otherwise.statements());
        code.bind(end);
      }
      case Statement.While(var condition, var body, _) -> {
        var end = code.label();
        var again = code.here();
        unless(condition, end);
        statements(body.statements());
        code.jump(again);
        code.bind(end);
      }
      case Statement.Block(var statements, _) -> statements(statements);
    }
  }

  private void unless(Expression condition, Label to) {
    expressions.value(condition);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, to);
  }

  private void assign(Target target, Source source) {
    if (target instanceof Target.Memory(var place) && source instanceof Expression value) {
      var constant = Evaluation.constant(value);
      if (constant.isPresent() && constant.getAsLong() == (int) constant.getAsLong()) {
        expressions.address(place.address());
        code.store(Reg.RCX, 0, (int) constant.getAsLong());
        return;
      }
    }
    switch (source) {
      case Call call -> call(call);
      case Expression expression -> expressions.value(expression);
    }
    switch (target) {
      case Target.Nothing _ -> {}
      case Target.Register(var name, _) -> code.store(place(name), Reg.RAX);
      case Target.Memory(Place place) -> {
        expressions.address(place.address());
        code.store(Reg.RCX, 0, Reg.RAX);
      }
    }
  }

  private long place(String name) {
    return special.isInitial() ? names.global(name) : names.register(name);
  }

  private void call(Call call) {
    switch (call.function()) {
      case FORK -> special.fork(child(call));
      case WAIT -> special.waitFor(child(call));
      case FILE, MEMFD -> {
        expressions.value((Expression) call.arguments().getFirst());
        special.file(call);
      }
      case OPEN -> special.open(call);
      case PIPE -> special.pipe();
      case USERFAULTFD -> {
        expressions.value((Expression) call.arguments().getFirst());
        special.userfaultfd();
      }
      case IOCTL -> ioctl(call);
      case MMU_GATHER -> code.move(Reg.RAX, 0); // what memory there is, is the real kernel's affair
      case RESERVE -> {
        expressions.value((Expression) call.arguments().getFirst());
        special.reserve();
      }
      case SHRINK, COLLAPSE, MIGRATE -> {
        expressions.value((Expression) call.arguments().getFirst());
        code.move(Reg.RDI, Reg.RAX);
        KernelWork.ask(call.function(), code);
      }
      case KSM_MERGE -> {
        expressions.value((Expression) call.arguments().get(0));
        code.push(Reg.RAX);
        expressions.value((Expression) call.arguments().get(1));
        code.move(Reg.RSI, Reg.RAX);
        code.pop(Reg.RDI);
        special.merge();
      }
      default -> plain(call);
    }
  }

  private void ioctl(Call call) {
    userfaultfd.result();
    for (int i = call.arguments().size() - 1; i >= 0; i--) {
      argument(call, i);
      code.push(Reg.RAX);
    }
    userfaultfd.ioctl(call.arguments().size() - 2);
  }

  private static int child(Call call) {
    return ((Argument.Child) call.arguments().getFirst()).thread();
  }

  /// A system call with the arguments that the test gives; those left out are 0.
  private void plain(Call call) {
    var kernel = LinuxCalls.of(call.function());
    int given = call.arguments().size();
    for (int i = given - 1; i >= 0; i--) {
      argument(call, i);
      code.push(Reg.RAX);
    }
    for (int i = 0; i < call.function().parameters().size(); i++) {
      if (i < given) {
        code.pop(ARGUMENTS[i]);
      } else {
        code.move(ARGUMENTS[i], 0);
      }
    }
    if (call.function() == SystemCall.WRITEBACK) {
      LinuxCalls.writeback(code);
    }
    if (call.function() == SystemCall.VMSPLICE) {
      pointToSegment(call);
    }
    if (call.function() == SystemCall.FUTEX && given > TIMEOUT && takesTimeout(call)) {
      pointToTimeout();
    }
    if (call.function() == SystemCall.READ) {
      userfaultfd.readOr(() -> make(call, kernel));
    } else {
      make(call, kernel);
    }
  }

  private void make(Call call, LinuxCall kernel) {
    if (!special.make(call)) {
      code.move(Reg.RAX, kernel.number());
      code.syscall();
    }
  }

  /// A name of a pipe is its end that is read; vmsplice() is for the other. The kernel wants the
  /// address of a segment, and how many there are.
  private void pointToSegment(Call call) {
    if (call.arguments().getFirst() instanceof Expression.Global) {
      code.apply(Assembler.Operation.ADD, Reg.RDI, 1);
    }
    int segment = Runtime.offset(Control.ThreadWord.SEGMENT);
    code.store(Reg.R14, segment, Reg.RSI);
    code.store(Reg.R14, Runtime.offset(Control.ThreadWord.SEGMENT_LENGTH), Reg.RDX);
    code.move(Reg.RSI, Reg.R14);
    code.apply(Assembler.Operation.ADD, Reg.RSI, segment);
    code.move(Reg.RDX, 1);
  }

  private static boolean takesTimeout(Call call) {
    var operation = Evaluation.constant((Expression) call.arguments().get(1));
    if (operation.isEmpty()) {
      return false;
    }
    long command = operation.getAsLong() & FUTEX_COMMAND_MASK;
    return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
  }

  /// Where a test gives a number as a timeout, the kernel wants the address of one.
  private void pointToTimeout() {
    var forEver = code.label();
    code.test(Reg.R10, Reg.R10);
    code.jump(Condition.EQUAL, forEver);
    code.move(Reg.R10, Control.BASE + Control.TIMEOUT);
    code.bind(forEver);
  }

  private void argument(Call call, int index) {
    switch (call.arguments().get(index)) {
      case Argument.Buffer(var register, _) -> code.move(Reg.RAX, place(register));
      case Argument.Child _ ->
          throw new IllegalArgumentException("a child is no argument of a system call");
      case Expression expression -> {
        if (placesMapping(call, index)) {
          expressions.value((Expression) call.arguments().get(1));
          special.reserve();
        } else {
          expressions.value(expression);
        }
      }
    }
  }

  /// Mappings of the initial state lie as the model puts them: one behind the other.
  private boolean placesMapping(Call call, int index) {
    if (!special.isInitial() || call.function() != SystemCall.MMAP || index != 0) {
      return false;
    }
    var address = Evaluation.constant((Expression) call.arguments().getFirst());
    return address.isPresent() && address.getAsLong() == 0;
  }
}
