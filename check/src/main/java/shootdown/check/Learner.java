package shootdown.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import shootdown.sched.Executor;
import shootdown.sched.HeldLocks;
import shootdown.sched.Op;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;

/// Runs the tasks' code where an [Automaton] lacks an edge.
///
/// The task's body runs from its start and is told what is recorded on the path to the vertex (a
/// scope whose result is recorded is left out) and then the new result. The next operation that it
/// announces is where the new edge leads.
///
/// It goes on from there as if its task ran alone, on a copy of memory. That is a run which the
/// search comes to sooner or later, so all that it teaches has to be learned anyway, and it need
/// not run the code from the start for each edge. The code is left by [Leave] where the task would
/// wait or fail, or comes to what is known.
final class Learner implements Executor {
  /// Operations that one run of the code teaches ahead, at most.
  private static final int MAX_AHEAD = 10_000;

  private static final Stepper.Edges NOTHING_MORE =
      new Stepper.Edges() {
        @Override
        public int learn(int vertex, long result, long[] memory) {
          throw new IllegalStateException("asked for an edge");
        }

        @Override
        public void crashed(int vertex) {
          throw new IllegalStateException("took a step");
        }
      };

  private final Program program;
  private final Automaton automaton;
  private final Map<Integer, Integer> ends = new HashMap<>();
  private final Lessons lessons;
  private final Listener listener;
  private final Stepper ahead;

  private Pulse pulse = Pulse.current();
  private Task task;
  private int[] path = {};
  private long lastResult;
  private int position;
  private boolean unwinding;
  private HeldLocks held = HeldLocks.NONE;
  private boolean mid;
  private boolean inBlock;
  private final List<Pending> pending = new ArrayList<>();
  private int runs;
  private int left;
  private int edge;

  /// Sites by which the code came since its last operation, scope or loop.
  private final List<String> lately = new ArrayList<>();

  /// Vertices that are, or begin, what happens at sites ([Executor#comesBy]).
  final Map<Integer, List<String>> sites = new HashMap<>();

  /// The edges from operations that the last run taught: from where, and what was told there.
  final IntList taughtFrom = new IntList();
  final LongList taughtTold = new LongList();

  /// What scopes and loops returned, and the live values of loops.
  final Interner<Object> values = new Interner<>();

  /// See [Learned#closing].
  final BitSet closing = new BitSet();

  /// See [Learned#closings].
  int closings;

  /// Told of every operation that is learned.
  @FunctionalInterface
  interface Listener {
    void learned(int vertex);
  }

  /// An edge of which it is not known yet where it leads.
  private static final class Pending {
    final int vertex;
    final long label;
    boolean again;

    Pending(int vertex, long label) {
      this.vertex = vertex;
      this.label = label;
    }
  }

  Learner(Program program, Automaton automaton, Lessons lessons, Listener listener) {
    this.lessons = lessons;
    this.program = program;
    this.automaton = automaton;
    this.listener = listener;
    int[] nowhere = new int[program.tasks().size()];
    ahead =
        new Stepper(program, automaton, nowhere, new Fingerprints(0), NOTHING_MORE, (_, _) -> {});
  }

  /// How often a task's code was run.
  int runs() {
    return runs;
  }

  /// Where `newTask` begins.
  int root(Task newTask) {
    path = new int[0];
    left = 0;
    return run(newTask, new Pending(-1, -1L - newTask.id()));
  }

  /// Where operation `vertex` leads when it tells `result`; records that.
  ///
  /// @param memory after that; is not kept
  /// @return an edge, as [Automaton#edge]
  int learn(int vertex, long result, long[] memory) {
    path = automaton.path(vertex);
    lastResult = result;
    left = MAX_AHEAD;
    ahead.continueFrom(memory);
    return run(program.tasks().get(automaton.task[vertex]), new Pending(vertex, result));
  }

  /// As [#learn], of what was learned at another time, and nothing beyond that.
  void relearn(int vertex, long result) {
    path = automaton.path(vertex);
    lastResult = result;
    left = 0;
    run(program.tasks().get(automaton.task[vertex]), new Pending(vertex, result));
  }

  private int run(Task newTask, Pending first) {
    runs++;
    task = newTask;
    position = 0;
    unwinding = false;
    held = HeldLocks.NONE;
    mid = false;
    inBlock = false;
    edge = Automaton.UNKNOWN;
    taughtFrom.clear();
    taughtTold.clear();
    lately.clear();
    pending.clear();
    pending.add(first);
    program.steps().bind(this);
    pulse = Pulse.current();
    try {
      pulse.runs(task);
      finished();
    } catch (Leave leave) {
      return edge;
    } catch (ProgramBug bug) {
      if (edge == Automaton.UNKNOWN) {
        throw bug;
      }
      // The search comes to it where it belongs, or never.
      lessons.fail(pending.getFirst().vertex, pending.getFirst().label);
    } catch (Throwable thrown) {
      if (!unwinding) {
        resolve(automaton.add(task, Code.CRASH, thrown, cursor().vertex, cursor().label), false);
      }
    } finally {
      program.steps().unbind();
    }
    return edge;
  }

  private void finished() {
    if (unwinding) {
      throw bug("its code catches what the checker throws to leave it: do not catch Throwable");
    }
    if (isReplaying()) {
      throw differs("ended");
    }
    resolve(
        ends.computeIfAbsent(task.id(), _ -> automaton.add(task, Code.END, "end", -1, 0)), false);
  }

  @Override
  public long perform(Op op) {
    leaveIfUnwinding();
    long result = isReplaying() ? replayed(op) : performedAhead(announce(op));
    held = held.after(op, result, program.lockAt(op.word()));
    mid = inBlock;
    return result;
  }

  private long replayed(Op op) {
    int vertex = path[position];
    if (!op.equals(automaton.what[vertex])) {
      throw differs("performed " + describe(op));
    }
    lately.clear();
    return resultAt(position++);
  }

  /// What a new operation tells if its task runs on alone.
  private long performedAhead(int vertex) {
    if (left-- == 0 || automaton.code[vertex] == Code.FAIL || !ahead.canPerform(vertex)) {
      throw stop();
    }
    long result = ahead.act(task.id(), vertex, 0);
    pending.clear();
    pending.add(new Pending(vertex, result));
    return result;
  }

  @Override
  public <T> T scope(String label, Supplier<T> body) {
    return scope(Code.CALL, label, body);
  }

  @Override
  public <T> T atomically(String why, Supplier<T> body) {
    return inBlock ? body.get() : scope(Code.ATOMIC, why, body);
  }

  private <T> T scope(int code, String name, Supplier<T> body) {
    leaveIfUnwinding();
    int vertex;
    if (isReplaying()) {
      vertex = replayed(code, name);
      long label = labelAt(position++);
      if (Label.isResult(label)) {
        return recalled(label);
      }
    } else {
      vertex = structure(code, name);
      moveTo(vertex, Label.INSIDE);
    }
    if (code == Code.ATOMIC) {
      inBlock = true;
    }
    T result = body.get();
    if (code == Code.ATOMIC) {
      inBlock = false;
      mid = false;
    }
    return returned(vertex, result);
  }

  @Override
  public <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body) {
    leaveIfUnwinding();
    int vertex;
    S live;
    if (isReplaying()) {
      vertex = replayed(Code.LOOP, label);
      long recorded = labelAt(position++);
      if (Label.isResult(recorded)) {
        return recalled(recorded);
      }
      live = recalled(recorded);
    } else {
      vertex = structure(Code.LOOP, label);
      live = turn(vertex, start);
    }
    while (true) {
      switch (body.apply(live)) {
        case Turn.Again<S, T>(S next) -> {
          leaveIfUnwinding();
          mustRecord("went round a loop");
          pending.forEach(p -> p.again = true);
          live = turn(vertex, next);
        }
        case Turn.Done<S, T>(T result) -> {
          return returned(vertex, result);
        }
      }
    }
  }

  private <S> S turn(int vertex, S live) {
    long label = Label.turn(values.id(live), standing());
    moveTo(vertex, label);
    return recalled(label);
  }

  private <T> T returned(int vertex, T result) {
    leaveIfUnwinding();
    lately.clear();
    mustRecord("returned from " + describe(vertex));
    moveTo(vertex, Label.result(values.id(result), standing()));
    return result;
  }

  /// The next operation is what edge (vertex, label) leads to, too.
  private void moveTo(int vertex, long label) {
    int known = automaton.edge(vertex, label);
    if (known != Automaton.UNKNOWN) {
      int target = known & Automaton.VERTEX;
      int from = pending.getFirst().vertex;
      if (from >= 0 && Code.isOperation(automaton.code[target])) {
        closing.set(from);
        closings++;
      }
      resolve(target, (known & Automaton.AGAIN) != 0);
      throw stop();
    }
    if (pending.stream().anyMatch(p -> p.vertex == vertex && p.label == label)) {
      throw bug("goes round " + describe(vertex) + " for ever without an operation");
    }
    pending.add(new Pending(vertex, label));
  }

  /// A vertex for an operation that the code has come to for the first time.
  private int announce(Op op) {
    if (mid && op.kind().waits()) {
      throw bug("waits in the middle of an atomic block: " + describe(op));
    }
    if (op.kind() == shootdown.sched.OpKind.CHOOSE && op.a() < 1) {
      throw bug("chooses among " + op.a() + " values");
    }
    int vertex = automaton.add(task, op.kind().ordinal(), op, cursor().vertex, cursor().label);
    automaton.standing[vertex] = standing();
    happensAt(vertex);
    boolean head = pending.stream().anyMatch(p -> p.vertex >= 0 && isTurn(p));
    int within = mid ? Automaton.MID : inBlock ? Automaton.ENTRY : 0;
    automaton.flags[vertex] = (byte) (within | (head ? Automaton.HEAD : 0));
    resolve(vertex, false);
    listener.learned(vertex);
    return vertex;
  }

  private boolean isTurn(Pending p) {
    return automaton.code[p.vertex] == Code.LOOP && Label.isTurn(p.label);
  }

  private void resolve(int vertex, boolean again) {
    var first = pending.getFirst();
    if (first.vertex >= 0) {
      lessons.learn(first.vertex, first.label);
    }
    for (var p : pending) {
      int target = vertex | (again || p.again ? Automaton.AGAIN : 0);
      if (p.vertex >= 0) {
        automaton.setEdge(p.vertex, p.label, target);
        if (Code.isOperation(automaton.code[p.vertex])) {
          taughtFrom.add(p.vertex);
          taughtTold.add(p.label);
        }
      }
    }
    if (edge == Automaton.UNKNOWN) {
      edge = vertex | (again || pending.getFirst().again ? Automaton.AGAIN : 0);
    }
  }

  private Pending cursor() {
    return pending.getLast();
  }

  private int structure(int code, String name) {
    int vertex = automaton.add(task, code, name, cursor().vertex, cursor().label);
    happensAt(vertex);
    return vertex;
  }

  private void happensAt(int vertex) {
    if (!lately.isEmpty()) {
      sites.put(vertex, List.copyOf(lately));
      lately.clear();
    }
  }

  private int replayed(int code, String name) {
    int vertex = path[position];
    if (automaton.code[vertex] != code || !name.equals(automaton.what[vertex])) {
      throw differs("entered " + describe(code, name));
    }
    lately.clear();
    return vertex;
  }

  /// The value on a recorded edge, and the standing that goes with it.
  @SuppressWarnings("unchecked") // the value was given for the same vertex, so it has its type
  private <T> T recalled(long label) {
    var standing = automaton.standings.value(Label.standing(label));
    held = standing.held();
    mid = standing.mid();
    return (T) values.value(Label.value(label));
  }

  private int standing() {
    return automaton.standings.id(new Automaton.Standing(held, mid));
  }

  private boolean isReplaying() {
    return position < path.length;
  }

  private long labelAt(int at) {
    return automaton.label[path[at + 1]];
  }

  private long resultAt(int at) {
    return at + 1 < path.length ? labelAt(at) : lastResult;
  }

  /// The code has come to something that it does.
  private void leaveIfUnwinding() {
    pulse.beats();
    if (unwinding) {
      throw Leave.NOW;
    }
  }

  private Leave stop() {
    unwinding = true;
    return Leave.NOW;
  }

  private void mustRecord(String did) {
    if (isReplaying()) {
      throw differs(did);
    }
  }

  private ProgramBug differs(String did) {
    return bug(
        "is not deterministic: after equal results it "
            + did
            + " where it had come to "
            + describe(path[position])
            + " before");
  }

  private ProgramBug bug(String what) {
    unwinding = true;
    return new ProgramBug("task " + task + " " + what, Schedule.EMPTY, null);
  }

  private String describe(int vertex) {
    return automaton.what[vertex] instanceof Op op
        ? describe(op)
        : describe(automaton.code[vertex], String.valueOf(automaton.what[vertex]));
  }

  private static String describe(int code, String name) {
    String kind =
        switch (code) {
          case Code.ATOMIC -> "atomic block";
          case Code.LOOP -> "loop";
          case Code.CALL -> "scope";
          default -> "its";
        };
    return kind + " '" + name + "'";
  }

  private String describe(Op op) {
    return Describe.op(program, op);
  }

  @Override
  public void note(Supplier<String> text) {
    // a remark is for traces, and none is made here
  }

  @Override
  public void comesBy(String site) {
    lately.add(site.intern());
  }

  @Override
  public void pretend(UnaryOperator<HeldLocks> change) {
    leaveIfUnwinding();
    held = change.apply(held);
  }

  @Override
  public HeldLocks held() {
    return held;
  }

  @Override
  public int task() {
    return task.id();
  }
}
