package shootdown.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// All states and steps of a search, kept for what one pass cannot tell: shortest runs and fair
/// cycles. State 0 is the first. About 40 bytes a step.
///
/// Up to renaming, a step leads to an image of its target, and has the renaming that makes it. See
/// [Frames].
final class StateGraph implements DepthFirst.Observer {
  private final Learned learned;
  private final long normal;
  private final int expected;
  private StateIndex index;

  // of states
  private final LongList enabled;
  private final LongList busy;

  // of steps
  private final IntList from;
  private final IntList to;
  private final IntList mover;
  private final IntList choice;
  private final IntList answer;
  private final LongList turns;

  // an element of `mover`: the number of operations, whether something gets done, whether it is a
  // local choice, the task
  private static final int OPERATIONS = (1 << 20) - 1;
  private static final int PROGRESS = 1 << 20;
  private static final int LOCAL = 1 << 21;
  private static final int TASK = 22;

  // up to renaming: what makes a state the one that stands for all its images; what makes a step's
  // target the state that it leads to; the kind of names that a step chooses among, or -1
  private final Permutations permutations;
  private Optional<Canonical> canonical = Optional.empty();
  private final IntList form = new IntList();
  private final IntList renaming = new IntList();
  private final IntList kind = new IntList();

  private int[] first = new int[0];
  private int[] outgoing = new int[0];

  private final List<Sight> sights = new ArrayList<>();
  private final List<Sight> underWay = new ArrayList<>();
  private long turn;
  private boolean hasAnswers;

  /// Something worth showing that a run meets.
  ///
  /// @param what it is
  /// @param state where
  /// @param step whose operation shows it; -1 if the state does
  /// @param operations of the step until then
  record Sight(Found.What what, int state, int step, int operations) {}

  StateGraph(Learned learned) {
    this(learned, 0, 0);
  }

  /// @param states as many are expected
  /// @param steps as many are expected
  StateGraph(Learned learned, int states, int steps) {
    this.learned = learned;
    expected = states;
    index = new StateIndex(states);
    enabled = new LongList(states);
    busy = new LongList(states);
    from = new IntList(steps);
    to = new IntList(steps);
    mover = new IntList(steps);
    choice = new IntList(steps);
    answer = new IntList(steps);
    turns = new LongList(steps);
    permutations = new Permutations(learned.program);
    normal =
        learned.program.tasks().stream()
            .filter(t -> t.kind() == Task.Kind.NORMAL)
            .mapToLong(t -> 1L << t.id())
            .reduce(0, (x, y) -> x | y);
  }

  int states() {
    return enabled.size();
  }

  int steps() {
    return from.size();
  }

  int tasks() {
    return learned.roots.length;
  }

  /// Tasks that can perform something in a state, as a set of bits.
  long enabled(int state) {
    return enabled.get(state);
  }

  /// Tasks that are not daemons, have not ended and do not sleep in a state.
  long busy(int state) {
    return busy.get(state);
  }

  /// Number of steps that leave a state.
  int degree(int state) {
    return first[state + 1] - first[state];
  }

  /// The i-th step that leaves a state.
  int step(int state, int i) {
    return outgoing[first[state] + i];
  }

  int from(int step) {
    return from.get(step);
  }

  /// Where a step leads; -1 if it fails.
  int to(int step) {
    return to.get(step);
  }

  int task(int step) {
    return mover.get(step) >> TASK;
  }

  int choice(int step) {
    return choice.get(step);
  }

  /// Number of operations of a step.
  int operations(int step) {
    return mover.get(step) & OPERATIONS;
  }

  /// Whether a step gets something done.
  boolean progresses(int step) {
    return (mover.get(step) & PROGRESS) != 0;
  }

  /// Whether a step is a choice at which no other task was followed: it may as well happen later.
  boolean isLocalChoice(int step) {
    return (mover.get(step) & LOCAL) != 0;
  }

  /// What is answered by habit, as [Learned#answer]; -1 where nothing is.
  int answer(int step) {
    return answer.get(step);
  }

  /// Whether anything is.
  boolean hasAnswers() {
    return hasAnswers;
  }

  /// Tasks that wait for a lock which the step releases.
  long turns(int step) {
    return turns.get(step);
  }

  List<Sight> sights() {
    return sights;
  }

  boolean isUpToRenaming() {
    return canonical.isPresent();
  }

  Permutations permutations() {
    return permutations;
  }

  /// What makes a step's target the state that it leads to.
  int renaming(int step) {
    return isUpToRenaming() ? renaming.get(step) : Permutations.IDENTITY;
  }

  /// Is called with steps.
  @FunctionalInterface
  interface EachStep {
    void step(int step);
  }

  /// Steps as decisions.
  Expansion.Steps decisions(int[] steps) {
    return decisions(steps, Permutations.IDENTITY);
  }

  /// Steps that follow each other, as decisions, where their first state is renamed.
  Expansion.Steps decisions(int[] steps, int renamed) {
    int[] names = names(steps, renamed);
    return new Expansion.Steps() {
      @Override
      public int size() {
        return steps.length;
      }

      @Override
      public int task(int i) {
        return permutations.task(names[i], StateGraph.this.task(steps[i]));
      }

      @Override
      public int choice(int i) {
        int chosen = choice.get(steps[i]);
        return names[i] == Permutations.IDENTITY
            ? chosen
            : permutations.choice(names[i], kind.get(steps[i]), chosen);
      }
    };
  }

  /// What steps that follow each other, from the first state on, make of the state that they end
  /// in.
  int renaming(int[] steps) {
    return names(steps, Permutations.IDENTITY)[steps.length];
  }

  /// What makes each state on the way, as the graph has it, the one that is come to, where the
  /// first is renamed.
  private int[] names(int[] steps, int renamed) {
    int[] names = new int[steps.length + 1];
    names[0] = renamed;
    for (int i = 0; i < steps.length; i++) {
      names[i + 1] = permutations.then(renaming(steps[i]), names[i]);
    }
    return names;
  }

  /// To be called once when all steps are known.
  void complete() {
    index = new StateIndex();
    first = new int[states() + 1];
    for (int s = 0; s < steps(); s++) {
      first[from.get(s) + 1]++;
    }
    for (int i = 0; i < states(); i++) {
      first[i + 1] += first[i];
    }
    int[] next = first.clone();
    outgoing = new int[steps()];
    for (int s = 0; s < steps(); s++) {
      outgoing[next[from.get(s)]++] = s;
    }
  }

  @Override
  public void renames(Canonical all) {
    canonical = Optional.of(all);
  }

  @Override
  public void begun() {
    form.clear();
    renaming.clear();
    kind.clear();
    index = new StateIndex(expected);
    enabled.clear();
    busy.clear();
    from.clear();
    to.clear();
    mover.clear();
    choice.clear();
    answer.clear();
    turns.clear();
    sights.clear();
    underWay.clear();
    turn = 0;
  }

  @Override
  public void entered(Stepper state) {
    index.of(key(state));
    canonical.ifPresent(all -> form.add(permutations.of(all.names())));
    turn = 0;
    enabled.add(TaskSets.enabled(learned, state));
    busy.add(TaskSets.busy(learned, state) & normal);
    for (var sight : underWay) {
      // violations before the first step belong to the first state
      sights.add(new Sight(sight.what, 0, -1, 0));
    }
    underWay.clear();
  }

  @Override
  public void stepped(
      int source, int who, int vertex, int chosen, Stepper state, boolean goesOn) {
    int step = from.size();
    from.add(source);
    int target = goesOn ? index.of(key(state)) : -1;
    to.add(target);
    if (isUpToRenaming()) {
      renaming.add(renamingTo(target));
      kind.add(learned.kindOfChoice(vertex));
    }
    int progress = state.progressed ? PROGRESS : 0;
    int local = learned.isLocalChoice(vertex) ? LOCAL : 0;
    mover.add(state.operations | progress | local | who << TASK);
    choice.add(chosen);
    int said = learned.answer(vertex, chosen);
    answer.add(said);
    hasAnswers |= said >= 0;
    turns.add(turn);
    turn = 0;
    for (var sight : underWay) {
      sights.add(new Sight(sight.what, source, step, sight.operations));
    }
    underWay.clear();
  }

  private long key(Stepper state) {
    return canonical.isPresent() ? canonical.get().last() : state.fingerprint;
  }

  /// What makes a step's target, which may be about to be entered, the state that it leads to.
  private int renamingTo(int target) {
    if (target < 0 || target >= form.size()) {
      return Permutations.IDENTITY;
    }
    int there = permutations.of(canonical.orElseThrow().names());
    return permutations.then(form.get(target), permutations.inverse(there));
  }

  @Override
  public void performed(int who, int vertex, Stepper state) {
    turn |= TaskSets.turns(learned, state, who, vertex);
  }

  @Override
  public void violated(int who, Violation violation, Stepper state) {
    underWay.add(new Sight(new Found.What.Violated(violation), -1, -1, state.operations));
  }

  @Override
  public void rested(Found.What what) {
    see(what, states() - 1);
  }

  /// Adds what a state shows.
  void see(Found.What what, int state) {
    if (!isUpToRenaming()) {
      sights.add(new Sight(what, state, -1, 0));
    }
  }
}
