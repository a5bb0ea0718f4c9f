package shootdown.sched;

import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What code under test can do besides touching words and locks: scopes, loops, choices, verdicts.
///
/// One kernel function is one scope; so is the body of a loop. What a scope returns is all that its
/// caller's history keeps, so return little, and values with equals (records, enums, numbers).
public final class Steps {
  private static final Pattern FUNCTION = Pattern.compile("[a-z_][a-z_0-9]*");
  private static final Pattern NUMBERS = Pattern.compile("\\[.*?]|\\(.*?\\)|\\d+");
  private static final Place NOWHERE = new Place("", false);

  /// Where the Java code of the running task is. It is not part of any state: the code that runs is
  /// always run from its task's start, so the calls that it is in are those of its history.
  private static final ScopedValue<Place> PLACE = ScopedValue.newInstance();

  private final Program program;
  private Executor executor;

  /// @param function the innermost scope with a name
  /// @param atomic whether in a block that is one step
  private record Place(String function, boolean atomic) {}

  Steps(Program program) {
    this.program = program;
    this.executor = Unbound.INSTANCE;
  }

  public Program program() {
    return program;
  }

  /// A scope with a name that traces show: a kernel function, a system call.
  public <T> T call(String function, Supplier<T> body) {
    return executor.scope(function, within(new Place(function, place().atomic()), body));
  }

  /// As [#call] for code without a result.
  public void run(String function, Runnable body) {
    call(function, unit(body));
  }

  /// A scope without a name.
  public <T> T scope(Supplier<T> body) {
    return executor.scope("", body);
  }

  /// A scope without a name or a result.
  public void forget(Runnable body) {
    executor.scope("", unit(body));
  }

  /// One step for all others to see; an operation that waits may only be its first.
  public <T> T atomically(String why, Supplier<T> body) {
    return executor.atomically(why, within(new Place(place().function(), true), body));
  }

  /// As [#atomically] for code without a result.
  public void atomic(String why, Runnable body) {
    atomically(why, unit(body));
  }

  /// A loop with live values; each turn forgets all else. See [Turn].
  public <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body) {
    return executor.loop(label, start, body);
  }

  /// Tries until `body` gives a result: [Turn#again] with any value forgets the try.
  public <T> T retry(String label, Supplier<Turn<Boolean, T>> body) {
    return executor.loop(label, true, _ -> body.get());
  }

  /// For i = from … to-1, each turn a scope.
  public void each(int from, int to, IntConsumer body) {
    for (int i = from; i < to; i++) {
      int turn = i;
      forget(() -> body.accept(turn));
    }
  }

  /// Any of 0 … n-1; the checker follows each.
  public int choose(int n) {
    return n == 1 ? 0 : (int) executor.perform(new Op(OpKind.CHOOSE, -1, n, 0));
  }

  /// One of the names of things that are alike.
  public int choose(Alike kind) {
    return choose(kind, kind.size());
  }

  /// One of the first `n` names of things that are alike: of whole groups of them.
  public int choose(Alike kind, int n) {
    return n == 1
        ? 0
        : (int) executor.perform(new Op(OpKind.CHOOSE, -1, n, kind.number() + 1L));
  }

  /// Reports a violation and goes on.
  public void violate(Violation violation) {
    executor.perform(new Op(OpKind.VIOLATE, -1, program.idOf(violation), 0));
  }

  /// Reports a violation and ends this path; does not return.
  public RuntimeException fail(Violation violation) {
    executor.perform(new Op(OpKind.FAIL, -1, program.idOf(violation), 0));
    throw new IllegalStateException("an executor went on after " + violation);
  }

  /// The task got something done: a cycle through here is no livelock.
  public void progress() {
    executor.perform(new Op(OpKind.PROGRESS, -1, 0, 0));
  }

  /// A remark for the reader of a trace.
  public void note(Supplier<String> text) {
    executor.note(text);
  }

  /// Tells whether something that was seen before is still so: a re-check that a [Mutation] can
  /// leave out.
  ///
  /// @param what its name: `pte_same`
  /// @param holds asked unless it is left out
  public boolean recheck(String what, BooleanSupplier holds) {
    return leavesOut(Mutation.Kind.RECHECK, what) || holds.getAsBoolean();
  }

  /// Whether the program's [Mutation] leaves out what the running function does here. For those who
  /// carry out what can be left out: locks, words, the machine.
  public boolean leavesOut(Mutation.Kind kind, String what) {
    String function = place().function();
    if (!FUNCTION.matcher(function).matches()) {
      return false;
    }
    String site = function + "/" + what;
    executor.comesBy(site);
    return program.mutation().leavesOut(kind, site);
  }

  /// Whether an update is torn in two steps; in an atomic block that would be no difference.
  public boolean tears(String how) {
    return !place().atomic() && leavesOut(Mutation.Kind.ATOMIC, how);
  }

  boolean tears(OpKind how, int word) {
    return !place().atomic() && tears(named(word, how.name().toLowerCase(Locale.ROOT)));
  }

  boolean ignoresWait(int word) {
    return !place().atomic() && leavesOut(Mutation.Kind.WAIT, named(word, "wait"));
  }

  /// What is done to a word, without the numbers in the word's name: there are several of a kind.
  private String named(int word, String how) {
    String kind = NUMBERS.matcher(program.nameOf(word)).replaceAll("").strip();
    return kind.replace(' ', '_') + "." + how;
  }

  /// For those who perform operations: before each.
  void performs() {
    program.mutation().performs();
  }

  private static Place place() {
    return PLACE.orElse(NOWHERE);
  }

  private static <T> Supplier<T> within(Place place, Supplier<T> body) {
    return () -> ScopedValue.where(PLACE, place).call(body::get);
  }

  public HeldLocks held() {
    return executor.held();
  }

  /// Number of the running task.
  public int task() {
    return executor.task();
  }

  /// Who carries out operations now. For executors.
  public Executor executor() {
    return executor;
  }

  /// Binds an executor; for executors. One program is run by one executor at a time.
  public void bind(Executor newExecutor) {
    executor = newExecutor;
  }

  private static Supplier<Boolean> unit(Runnable body) {
    return () -> {
      body.run();
      return true;
    };
  }
}
