package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.util.ArrayList;
import java.util.List;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Label;
import shootdown.host.x86.Reg;
import shootdown.litmus.Argument;
import shootdown.litmus.Call;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;
import shootdown.model.Expressions;

/// The statements of threads, and the processes that they fork. While a thread runs, the address of
/// its block is in R14.
final class BodyCode {
  private static final int SIGCHLD = 17;
  private static final int WAIT_ALL = 0x4000_0000;
  private static final int ECHILD = 10;
  private static final int FETCHED_MASK = 3;

  private final LitmusTest test;
  private final Slots slots;
  private final Assembler code;
  private final Runtime runtime;
  private final MeetingCode meetings;
  private final PageCacheCode cache;
  private final List<Fork> forks = new ArrayList<>();

  private record Fork(LitmusThread child, Label start) {}

  BodyCode(
      LitmusTest test, Slots slots, Assembler code, Runtime runtime, MeetingCode meetings) {
    this.test = test;
    this.slots = slots;
    this.code = code;
    this.runtime = runtime;
    this.meetings = meetings;
    cache = new PageCacheCode(test, code);
  }

  /// The thread takes its place: its block, its CPU.
  void settle(LitmusThread thread) {
    int index = slots.index(thread);
    code.move(Reg.R14, BASE + Control.thread(index));
    code.move(Reg.RDI, 0);
    code.move(Reg.RSI, Control.AFFINITY_BYTES);
    code.move(Reg.RDX, BASE + Control.affinity(index));
    runtime.must(LinuxCall.SCHED_SETAFFINITY, "sched_setaffinity of " + thread.name());
    runtime.call(LinuxCall.GETTID);
    code.store(Reg.R14, Runtime.offset(ThreadWord.TID), Reg.RAX);
  }

  /// In three of four rounds the cache lines that the thread will access come to its CPU first, if
  /// threads call nothing: a load that must wait for its line lets the stores before it become
  /// visible. In the others they are where the last round left them: that shows other outcomes.
  void fetch(LitmusThread thread) {
    if (!Functions.in(test).isEmpty()) {
      return;
    }
    var stay = code.label();
    runtime.randomNumber();
    code.apply(Operation.AND, Reg.RAX, FETCHED_MASK);
    code.jump(Condition.EQUAL, stay);
    for (var word : FixedWords.in(thread.body().statements()).all()) {
      code.load(Reg.RCX, BASE + slots.global(word.global()));
      code.prefetch(Reg.RCX, word.offset());
    }
    code.bind(stay);
  }

  /// The thread's statements; a signal takes it to their end, and is written down.
  void body(LitmusThread thread) {
    var fault = code.label();
    var end = code.label();
    code.store(Reg.R14, Runtime.offset(ThreadWord.STACK), Reg.RSP);
    var from = code.here();
    new StatementCode(code, new ThreadNames(thread), new ThreadCalls())
        .statements(thread.body().statements());
    runtime.mayFault(from, code.here(), fault);
    code.jump(end);
    code.bind(fault);
    code.store(Reg.R14, Runtime.offset(ThreadWord.SIGNAL), Reg.RAX);
    code.load(Reg.RSP, Reg.R14, Runtime.offset(ThreadWord.STACK));
    code.bind(end);
  }

  /// What forked processes do, from their first instruction on; they may fork more of them.
  void children() {
    for (int i = 0; i < forks.size(); i++) {
      var fork = forks.get(i);
      code.bind(fork.start());
      runtime.endWithParent();
      settle(fork.child());
      body(fork.child());
      code.store(Reg.R14, Runtime.offset(ThreadWord.ENDED), 1);
      reapChildren(fork.child());
      code.move(Reg.RDI, 0);
      runtime.call(LinuxCall.EXIT_GROUP);
    }
  }

  /// Waits for the processes that the thread forked and nobody waited for.
  void reapChildren(LitmusThread thread) {
    for (int child : forkedBy(thread.body().statements())) {
      int pid = pid(child);
      var none = code.label();
      code.load(Reg.RDI, BASE + pid);
      code.test(Reg.RDI, Reg.RDI);
      code.jump(Condition.EQUAL, none);
      waitFor();
      code.store(BASE + pid, 0);
      code.bind(none);
    }
  }

  private void waitFor() {
    code.move(Reg.RSI, 0);
    code.move(Reg.RDX, WAIT_ALL);
    code.move(Reg.R10, 0);
    runtime.call(LinuxCall.WAIT4);
  }

  private int pid(int child) {
    return Control.word(slots.index(test.thread(child)), ThreadWord.PID);
  }

  private static List<Integer> forkedBy(List<Statement> statements) {
    var found = new ArrayList<Integer>();
    for (var statement : statements) {
      switch (statement) {
        case Statement.Assign(_, Call(var function, var arguments, _), _)
            when function == SystemCall.FORK ->
            found.add(((Argument.Child) arguments.getFirst()).thread());
        case Statement.Assign _ -> {}
        case Statement.If(_, var then, var otherwise, _) -> {
          found.addAll(forkedBy(then.statements()));
          found.addAll(forkedBy(otherwise.statements()));
        }
        case Statement.While(_, var body, _) -> found.addAll(forkedBy(body.statements()));
        case Statement.Block(var inner, _) -> found.addAll(forkedBy(inner));
      }
    }
    return found;
  }

  private final class ThreadNames implements ExpressionCode.Names {
    private final LitmusThread thread;

    ThreadNames(LitmusThread thread) {
      this.thread = thread;
    }

    @Override
    public long global(String name) {
      return BASE + slots.global(name);
    }

    @Override
    public long register(String name) {
      return BASE + slots.register(thread, name);
    }
  }

  private final class ThreadCalls implements StatementCode.Special {
    @Override
    public void before(Statement statement) {
      meetings.before(statement);
    }

    @Override
    public void after(Statement statement) {
      slots.result(statement).ifPresent(result -> code.store(BASE + result, Reg.RAX));
      meetings.after(statement);
    }

    @Override
    public boolean make(Call call) {
      cache.before(call);
      boolean asked = cache.isAsked(call);
      if (asked) {
        cache.read();
      }
      return asked;
    }

    /// A test sees a child's number among the threads where the kernel gives a process's.
    @Override
    public void fork(int child) {
      var start = code.label();
      var end = code.label();
      forks.add(new Fork(test.thread(child), start));
      code.move(Reg.RDI, SIGCHLD);
      code.move(Reg.RSI, 0);
      code.move(Reg.RDX, 0);
      code.move(Reg.R10, 0);
      code.move(Reg.R8, 0);
      runtime.call(LinuxCall.CLONE);
      code.test(Reg.RAX, Reg.RAX);
      code.jump(Condition.EQUAL, start);
      code.jump(Condition.NEGATIVE, end);
      code.store(BASE + pid(child), Reg.RAX);
      code.store(BASE + Control.word(slots.index(test.thread(child)), ThreadWord.STARTED), 1);
      code.move(Reg.RAX, child + 1);
      code.bind(end);
    }

    @Override
    public void merge() {
      KsmCode.merge(code, Expressions.of(test).mergesAny());
    }

    /// The child may be forked later, by another thread.
    @Override
    public void waitFor(int child) {
      int started = Control.word(slots.index(test.thread(child)), ThreadWord.STARTED);
      var go = code.label();
      var end = code.label();
      var again = code.here();
      code.load(Reg.RAX, BASE + started);
      code.test(Reg.RAX, Reg.RAX);
      code.jump(Condition.NOT_EQUAL, go);
      runtime.call(LinuxCall.SCHED_YIELD);
      code.jump(again);
      code.bind(go);
      code.move(Reg.RAX, -ECHILD);
      code.load(Reg.RDI, BASE + pid(child));
      code.test(Reg.RDI, Reg.RDI);
      code.jump(Condition.EQUAL, end);
      BodyCode.this.waitFor();
      code.test(Reg.RAX, Reg.RAX);
      code.jump(Condition.NEGATIVE, end);
      code.store(BASE + pid(child), 0);
      code.move(Reg.RAX, child + 1);
      code.bind(end);
    }

    @Override
    public void file(Call call) {
      throw new IllegalArgumentException("file() stands in the initial state only");
    }

    @Override
    public void open(Call call) {
      throw new IllegalArgumentException("open() stands in the initial state only");
    }

    @Override
    public void pipe() {
      throw new IllegalArgumentException("pipe() stands in the initial state only");
    }

    @Override
    public void userfaultfd() {
      throw new Unrunnable("userfaultfd() of a thread: a test has one, in the initial state");
    }

    @Override
    public void reserve() {
      throw new IllegalArgumentException("reserve() stands in the initial state only");
    }

    @Override
    public boolean isInitial() {
      return false;
    }
  }
}
