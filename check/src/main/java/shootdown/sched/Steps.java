package shootdown.sched;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  /// Any of 0 … n-1, as something chooses that has habits: asked the same question again and again
  /// for ever, from some moment on it always says 0, or never. So does a cache that holds something
  /// or does not: that it holds an entry and holds it not, in turn and for ever, is no run that can
  /// be. Livelocks alone know the difference to [#choose(int)].
  ///
  /// @param question a number of it, at least 0; tasks that are alike ask the same
  /// @throws IllegalArgumentException if it is negative
  public int chooseByHabit(int question, int n) {
    if (question < 0) {
      throw new IllegalArgumentException("question " + question);
    }
    return n == 1
        ? 0
        : (int) executor.perform(new Op(OpKind.CHOOSE, -1, n, -1L - question));
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
  /// leave out. A scope: what it looked at is forgotten.
  ///
  /// @param what its name: `pte_same`
  /// @param holds asked unless it is left out
  public boolean recheck(String what, BooleanSupplier holds) {
    if (leavesOut(Mutation.Kind.RECHECK, what)) {
      return true;
    }
    boolean so = scope(holds::getAsBoolean);
    if (!so) {
      notice(site(what), "it does not hold");
    }
    return so;
  }

  /// Whether the program's [Mutation] leaves out what the running function does here. For those who
  /// carry out what can be left out: locks, words, the machine.
  public boolean leavesOut(Mutation.Kind kind, String what) {
    if (!isInFunction()) {
      return false;
    }
    String site = site(what);
    executor.comesBy(site);
    return program.mutation().leavesOut(kind, site);
  }

  /// The name of the site where the running function does something.
  public String site(String what) {
    return place().function() + "/" + what;
  }

  /// Something happens that leaving out what is done at a site could make a difference to.
  public void notice(String site, String what) {
    program.mutation().notice(site, what);
  }

  /// Whether a site of this kind is watched.
  public boolean watches(Mutation.Kind kind) {
    return program.mutation().isWatching(kind);
  }

  /// The running function waits for what is done at the site that is watched.
  public void noticeWaiting() {
    program.mutation().noticeAtSite(function() + " waits");
  }

  /// Carries out an atomic update of a word: whole, or torn in two steps if the program's
  /// [Mutation] says so; in an atomic block that would be no difference.
  ///
  /// @param how its name
  /// @param whole the update
  /// @param torn a read and a plain write instead
  public <T> T update(String how, Word word, Supplier<T> whole, Supplier<T> torn) {
    if (place().atomic()) {
      return whole.get();
    }
    if (leavesOut(Mutation.Kind.ATOMIC, how)) {
      return torn.get();
    }
    pass(new Op(OpKind.SWAP, word.index(), 0, 0), how);
    program.matesOf(word.index()).words().forEach(i -> pass(new Op(OpKind.READ, i, 0, 0), how));
    return program.mutation().isWatching(site(how))
        ? watched(how, word.index(), whole)
        : whole.get();
  }

  /// Tells how a word, or one of its mates, changes where a torn update would not notice.
  private <T> T watched(String how, int word, Supplier<T> whole) {
    String site = site(how);
    var before = together(word);
    return atomically(
        how,
        () -> {
          if (!perform(OpKind.IS, word, before.getFirst())) {
            notice(site, changed(word, before.getFirst()));
          }
          var mates = program.matesOf(word).words();
          for (int i = 0; i < mates.size(); i++) {
            if (!perform(OpKind.IS, mates.get(i), before.get(i + 1))) {
              notice(site, NUMBERS.matcher(program.nameOf(mates.get(i))).replaceAll("#")
                  + " changes");
            }
          }
          return whole.get();
        });
  }

  private String changed(int word, long before) {
    long now = executor.perform(new Op(OpKind.READ, word, 0, 0));
    return program.show(word, before) + " becomes " + program.show(word, now);
  }

  private boolean perform(OpKind kind, int word, long a) {
    return executor.perform(new Op(kind, word, a, 0)) != 0;
  }

  /// What a word and its mates hold, read in one step.
  List<Long> together(int word) {
    var all = program.matesOf(word);
    var mates = all.words();
    if (mates.isEmpty()) {
      return List.of(executor.perform(new Op(OpKind.READ, word, 0, 0)));
    }
    return atomically(
        "read",
        () ->
            Stream.of(Stream.of(word), mates.stream(), program.waitersOf(all).stream())
                .flatMap(Function.identity())
                .map(i -> executor.perform(new Op(OpKind.READ, i, 0, 0)))
                .toList());
  }

  /// Writes a word, and its mates as they were before; ends the path if that changes one of them.
  void writeTogether(int word, long value, List<Long> before) {
    var mates = program.matesOf(word);
    if (mates.words().isEmpty()) {
      executor.perform(new Op(OpKind.WRITE, word, value, 0));
      return;
    }
    atomic(
        "write",
        () -> {
          executor.perform(new Op(OpKind.WRITE, word, value, 0));
          for (int i = 0; i < mates.words().size(); i++) {
            if (!perform(OpKind.IS, mates.words().get(i), before.get(i + 1))) {
              throw fail(mates.torn());
            }
          }
          var waiters = program.waitersOf(mates);
          for (int i = 0; i < waiters.size(); i++) {
            // the other way round, nobody is there to be woken, which does no harm
            boolean was = before.get(1 + mates.words().size() + i) != 0;
            if (!was && !perform(OpKind.IS, waiters.get(i), 0)) {
              throw fail(mates.torn());
            }
          }
        });
  }

  /// An operation is about to be carried out, at the site `what` of the running function.
  void pass(Op op, String what) {
    program
        .mutation()
        .traffic(op, task(), isInFunction() ? Optional.of(site(what)) : Optional.empty());
  }

  /// An operation is about to be carried out, at no site.
  void pass(Op op) {
    program.mutation().traffic(op, task(), Optional.empty());
  }

  private static boolean isInFunction() {
    return FUNCTION.matcher(place().function()).matches();
  }

  /// The innermost function.
  static String function() {
    return place().function();
  }

  static boolean isAtomic() {
    return place().atomic();
  }

  boolean ignoresWait(int word) {
    return !place().atomic() && leavesOut(Mutation.Kind.WAIT, named(word, "wait"));
  }

  /// Notices a wait that does not end at once, if that is watched.
  void watchWait(Word word, long mask, long value) {
    String site = site(named(word.index(), "wait"));
    if (!isAtomic() && program.mutation().isWatching(site) && word.read(mask) != value) {
      notice(site, "it waits");
    }
  }

  /// How an update of a word is named.
  String named(Op op) {
    return named(op.word(), op.kind().name().toLowerCase(Locale.ROOT));
  }

  /// What is done to a word, without the numbers in the word's name: there are several of a kind.
  String named(int word, String how) {
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

  /// Asserts that the running task holds a lock under which it must not sleep, whichever that is,
  /// as `lockdep_assert_preemption_disabled()` does of a spinlock's holder. No operation and no
  /// step; a lock that a [Mutation] kept it from taking does not count.
  public void assertAtomic() {
    var held = held();
    held.locks().stream()
        .filter(lock -> !lock.kind().sleeps())
        .forEach(lock -> program.mutation().asserted(lock.word(), task()));
    if (!held.real().atomic()) {
      fail(new Violation(Violation.LOCK_MISUSE, "may lose its CPU, as it holds no spinlock"));
    }
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

  /// Unbinds the executor: until another one is bound, shared state is out of reach.
  public void unbind() {
    executor = Unbound.INSTANCE;
  }

  private static Supplier<Boolean> unit(Runnable body) {
    return () -> {
      body.run();
      return true;
    };
  }
}
