package shootdown.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import shootdown.sched.Executor;
import shootdown.sched.HeldLocks;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Turn;

/// Runs the code of tasks again along what was learned of them, and compares: told the same, a task
/// must do the same. Which edges are looked at is random.
///
/// Learning alone would not see all: of a task that does something else each time, what it did the
/// first time is learned, and the code may never come by there again.
final class SecondLook implements Executor {
  private static final int ONE_IN = 64;
  private static final int MOST_KEPT = 32;

  private final Program program;
  private final Automaton automaton;
  private final Interner<Object> values;
  private final SplittableRandom random;

  // edges to look at: each that was learned is among them with the same probability
  private final int[] keptFrom = new int[MOST_KEPT];
  private final long[] keptTold = new long[MOST_KEPT];
  private long seen;

  /// Whose code is run: mostly what was learned of.
  private Program run;

  private Pulse pulse = Pulse.current();
  private int task;
  private int[] path = {};
  private long lastTold;
  private int target;
  private int position;
  private boolean leaving;
  private HeldLocks held = HeldLocks.NONE;
  private boolean mid;
  private boolean inAtomic;
  private Moved cursor = new Moved(-1, 0);
  private final Set<Moved> moves = new HashSet<>();
  private final List<String> told = new ArrayList<>();

  /// Through an edge that leaves a vertex.
  private record Moved(int vertex, long label) {}

  /// @param values those of the edges that leave scopes and loops
  SecondLook(Program program, Automaton automaton, Interner<Object> values, long seed) {
    this.program = program;
    run = program;
    this.automaton = automaton;
    this.values = values;
    random = new SplittableRandom(seed);
  }

  /// Edges were learned; now and then, one of all is looked at.
  ///
  /// @throws ProgramBug if a task is not deterministic
  void learned(IntList from, LongList results) {
    for (int i = 0; i < from.size(); i++) {
      long slot = seen < MOST_KEPT ? seen : random.nextLong(seen + 1);
      seen++;
      if (slot < MOST_KEPT) {
        keptFrom[(int) slot] = from.get(i);
        keptTold[(int) slot] = results.get(i);
      }
    }
    if (seen > 0 && random.nextInt(ONE_IN) == 0) {
      again(random.nextInt(kept()));
    }
  }

  /// Looks at all that are kept; where they are few, at each several times.
  ///
  /// @throws ProgramBug if a task is not deterministic
  void atAll() {
    for (int i = 0; i < MOST_KEPT && seen > 0; i++) {
      again(i % kept());
    }
  }

  /// Looks at all that are kept in the same program, built once more: what its tasks share beside
  /// its words is as it was at first there, and they run in another order, the last one first. Only
  /// as far as scopes and loops give plain values: others may be one program's own.
  ///
  /// @throws ProgramBug if it does something else
  void atAll(Program fresh) {
    if (!isLaidOutAs(fresh)) {
      throw new ProgramBug(
          "the program is not the same each time it is built: its words or tasks differ",
          Schedule.EMPTY,
          null);
    }
    fresh.begin();
    run = fresh;
    IntStream.range(0, kept())
        .boxed()
        .sorted(Comparator.comparing(i -> -automaton.task[keptFrom[i]]))
        .forEach(this::again);
    run = program;
  }

  private boolean isLaidOutAs(Program fresh) {
    return fresh.size() == program.size()
        && Arrays.equals(fresh.initialMemory(), program.initialMemory())
        && names(fresh).equals(names(program));
  }

  private static List<String> names(Program of) {
    return of.tasks().stream().map(t -> t.name() + " " + t.kind()).toList();
  }

  private int kept() {
    return (int) Math.min(seen, MOST_KEPT);
  }

  private void again(int i) {
    again(keptFrom[i], keptTold[i]);
  }

  /// Has the task run to operation `vertex` and beyond it, where it is told `result`.
  private void again(int vertex, long result) {
    task = automaton.task[vertex];
    path = automaton.path(vertex);
    lastTold = result;
    target = automaton.edge(vertex, result) & Automaton.VERTEX;
    position = 0;
    leaving = false;
    held = HeldLocks.NONE;
    mid = false;
    inAtomic = false;
    cursor = new Moved(vertex, result);
    moves.clear();
    told.clear();
    run.steps().bind(this);
    pulse = Pulse.current();
    try {
      pulse.runs(run.tasks().get(task));
      must(!leaving, "catches what the checker throws to leave it");
      must(isAtEnd() && automaton.code[target] == Code.END, "ends");
    } catch (Leave leave) {
      // it came to where it had come before
    } catch (ProgramBug bug) {
      throw bug;
    } catch (Throwable thrown) {
      boolean same = isAtEnd() && automaton.code[target] == Code.CRASH;
      must(leaving || same, "throws " + thrown);
    } finally {
      run.steps().unbind();
    }
  }

  @Override
  public long perform(Op performed) {
    leaveIfLeaving();
    var op = asLearned(performed);
    int expected = isAtEnd() ? target : path[position];
    must(op.equals(automaton.what[expected]), "comes to " + Describe.op(program, op));
    if (isAtEnd()) {
      leaving = true;
      throw Leave.NOW;
    }
    long result = position + 1 < path.length ? labelAt(position) : lastTold;
    position++;
    told.add(Describe.op(program, op) + " tells " + result);
    held = held.after(op, result, program.lockAt(op.word()));
    mid = inAtomic;
    return result;
  }

  /// Violations have other numbers in another program.
  private Op asLearned(Op op) {
    boolean reports = op.kind() == OpKind.VIOLATE || op.kind() == OpKind.FAIL;
    return reports && run != program
        ? new Op(op.kind(), op.word(), program.idOf(run.violation(op.a())), op.b())
        : op;
  }

  @Override
  public <T> T scope(String label, Supplier<T> body) {
    return scope(Code.CALL, label, body);
  }

  @Override
  public <T> T atomically(String why, Supplier<T> body) {
    return inAtomic ? body.get() : scope(Code.ATOMIC, why, body);
  }

  private <T> T scope(int code, String name, Supplier<T> body) {
    leaveIfLeaving();
    int vertex = entered(code, name);
    if (isAtEnd()) {
      moveTo(vertex, Label.INSIDE, "enters '" + name + "'");
    } else {
      long label = labelAt(position++);
      if (Label.isResult(label)) {
        return recalled(label);
      }
    }
    inAtomic |= code == Code.ATOMIC;
    T result = body.get();
    if (code == Code.ATOMIC) {
      inAtomic = false;
      mid = false;
    }
    return returned(vertex, result);
  }

  @Override
  public <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body) {
    leaveIfLeaving();
    int vertex = entered(Code.LOOP, label);
    S live = start;
    if (isAtEnd()) {
      turn(vertex, live);
    } else {
      long recorded = labelAt(position++);
      if (Label.isResult(recorded)) {
        return recalled(recorded);
      }
      live = recalled(recorded);
    }
    while (true) {
      switch (body.apply(live)) {
        case Turn.Again<S, T>(S next) -> {
          leaveIfLeaving();
          turn(vertex, next);
          live = next;
        }
        case Turn.Done<S, T>(T result) -> {
          return returned(vertex, result);
        }
      }
    }
  }

  /// The vertex of a scope or loop that the code enters.
  private int entered(int code, String name) {
    int vertex = isAtEnd() ? below(cursor) : path[position];
    must(
        vertex >= 0
            && automaton.code[vertex] == code
            && name.equals(automaton.what[vertex]),
        "enters '" + name + "'");
    return vertex;
  }

  /// The scope or loop that comes after a move; -1 if none does. Mostly it is on the way to the
  /// target, but one without an operation may have been left by a move that was known.
  private int below(Moved move) {
    for (int at = target; at >= 0; at = automaton.parent[at]) {
      if (isBelow(at, move)) {
        return at;
      }
    }
    int at = automaton.size() - 1;
    while (at >= 0 && !isBelow(at, move)) {
      at--;
    }
    return at;
  }

  private boolean isBelow(int vertex, Moved move) {
    return automaton.parent[vertex] == move.vertex && automaton.label[vertex] == move.label;
  }

  private void turn(int vertex, Object live) {
    mayBeOther(live);
    String did = "goes round '" + automaton.what[vertex] + "' with " + live;
    moveTo(vertex, Label.turn(values.id(live), standing()), did);
  }

  private <T> T returned(int vertex, T result) {
    leaveIfLeaving();
    mayBeOther(result);
    String did = "returns " + result + " from '" + automaton.what[vertex] + "'";
    moveTo(vertex, Label.result(values.id(result), standing()), did);
    return result;
  }

  /// All edges that the code goes through after the last operation lead to the target.
  private void moveTo(int vertex, long label, String did) {
    must(isAtEnd(), did);
    int known = automaton.edge(vertex, label);
    must(known != Automaton.UNKNOWN && (known & Automaton.VERTEX) == target, did);
    cursor = new Moved(vertex, label);
    must(moves.add(cursor), did + " again and again");
  }

  @SuppressWarnings("unchecked") // the value was given for the same vertex, so it has its type
  private <T> T recalled(long label) {
    mayBeOther(values.value(Label.value(label)));
    var standing = automaton.standings.value(Label.standing(label));
    held = standing.held();
    mid = standing.mid();
    return (T) values.value(Label.value(label));
  }

  private int standing() {
    return automaton.standings.id(new Automaton.Standing(held, mid));
  }

  private boolean isAtEnd() {
    return position == path.length;
  }

  private long labelAt(int at) {
    return automaton.label[path[at + 1]];
  }

  /// Stops looking where a value may differ that is the same.
  private void mayBeOther(Object value) {
    boolean isPlain =
        value instanceof Number
            || value instanceof Boolean
            || value instanceof String
            || value instanceof Enum<?>;
    if (run != program && !isPlain) {
      leaving = true;
      throw Leave.NOW;
    }
  }

  private void leaveIfLeaving() {
    pulse.beats();
    if (leaving) {
      throw Leave.NOW;
    }
  }

  private void must(boolean isSame, String did) {
    if (isSame) {
      return;
    }
    leaving = true;
    String both = told.stream().map(line -> "\n    " + line).reduce("", String::concat);
    int before = isAtEnd() ? target : path[position];
    throw new ProgramBug(
        "task " + program.tasks().get(task) + " is not deterministic: told the same, it did not do"
            + " the same\n  one run:" + both + "\n    then it " + did(before)
            + "\n  another:" + both + "\n    then it " + did,
        Schedule.EMPTY,
        null);
  }

  private String did(int vertex) {
    return switch (automaton.what[vertex]) {
      case Op op -> "comes to " + Describe.op(program, op);
      case Throwable thrown -> "throws " + thrown;
      case Object name when automaton.code[vertex] == Code.END -> "ends";
      case Object name -> "enters '" + name + "'";
    };
  }

  @Override
  public void note(Supplier<String> text) {
    // a remark is for traces, and none is made here
  }

  @Override
  public void pretend(UnaryOperator<HeldLocks> change) {
    leaveIfLeaving();
    held = change.apply(held);
  }

  @Override
  public HeldLocks held() {
    return held;
  }

  @Override
  public int task() {
    return task;
  }
}
