package shootdown.sched;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/// A concurrent program to be checked: shared memory, tasks, and what to ask at its end.
///
/// Lay it out once (words, locks, tasks), then hand it to a checker; nothing may be added after.
public final class Program {
  private final Steps steps = new Steps(this);
  private final List<Region> regions = new ArrayList<>();
  private final Map<Integer, LockClass> locks = new HashMap<>();
  private final List<Task> tasks = new ArrayList<>();
  private final List<Violation> violations = new ArrayList<>();
  private final Map<Violation, Integer> violationIds = new HashMap<>();
  private long[] initial = new long[64];
  private int size;
  private boolean laidOut;
  private final Symmetry symmetry = new Symmetry(this);
  private final Map<Integer, Mates> mates = new HashMap<>();
  private Mutation mutation = Mutation.NONE;
  private Timing timing = Timing.ALIKE;
  private Optional<LockWatch> lockWatch = Optional.empty();
  private Optional<Waiters> waiters = Optional.empty();
  private Function<View, String> outcome = _ -> "";
  private Function<View, List<Violation>> finalCheck = _ -> List.of();

  public Steps steps() {
    return steps;
  }

  /// One shared word.
  public Word word(String name, long initialValue) {
    return words(i -> name, 1, initialValue, Long::toString, true).at(0);
  }

  /// `length` shared words `name[0]` ….
  public Words words(String name, int length, long initialValue) {
    return words(i -> name + "[" + i + "]", length, initialValue, Long::toString, true);
  }

  /// Shared words with all that traces want to know of them; see [Region].
  public Words words(
      IntFunction<String> name,
      int length,
      long initialValue,
      LongFunction<String> show,
      boolean traced) {
    mayBeAddedTo();
    if (length < 0 || length > Integer.MAX_VALUE - size) {
      throw new IllegalArgumentException(length + " words after " + size);
    }
    regions.add(new Region(size, length, name, show, traced));
    if (size + length > initial.length) {
      initial = Arrays.copyOf(initial, Math.max(size + length, 2 * initial.length));
    }
    Arrays.fill(initial, size, size + length, initialValue);
    size += length;
    return new Words(steps, size - length, length);
  }

  /// A lock, free at first.
  public Lock lock(String name, LockClass kind) {
    int index = size;
    words(i -> name, 1, 0, this::showLock, false);
    locks.put(index, kind);
    return new Lock(steps, index, kind);
  }

  /// Sets what a word holds before the first step.
  public void init(Word word, long value) {
    initial[word.index()] = value;
  }

  /// Sets what all of memory holds before the first step.
  ///
  /// @param memory as long as [#size]
  public void init(long[] memory) {
    if (memory.length != size) {
      throw new IllegalArgumentException(memory.length + " words for " + size);
    }
    initial = memory.clone();
  }

  /// A task; see [Task].
  public Task task(String name, Task.Kind kind, Runnable body) {
    mayBeAddedTo();
    var task = new Task(tasks.size(), name, kind, body);
    tasks.add(task);
    return task;
  }

  /// Things of which any may change places with any other of its group; see [Alike].
  ///
  /// @param groups sizes: names 0, 1, … are the first group's, and so on; mostly one group
  public Alike alike(String kind, int... groups) {
    return symmetry.alike(kind, Symmetry.How.ANY, groups);
  }

  /// Things in a ring, which may all move on by one place; see [Alike].
  public Alike ring(String kind, int size) {
    return symmetry.alike(kind, Symmetry.How.ROUND, size);
  }

  /// What was declared to be alike.
  public Symmetry symmetry() {
    return symmetry;
  }

  /// Leaves something of the tasks' code out, or writes down what could be left out; nothing by
  /// default. To be called before the program runs.
  public void mutate(Mutation how) {
    mutation = how;
    lockWatch =
        how.isWatching()
            ? Optional.of(new LockWatch(this, new TreeSet<>(locks.keySet())))
            : Optional.empty();
    waiters =
        tearsMates(how) ? Optional.of(new Waiters(this, locksAmongMates())) : Optional.empty();
  }

  /// Whether a mutation tears an update of a word that is one with others.
  private boolean tearsMates(Mutation how) {
    return how.site().isPresent()
        && mates.keySet().stream()
            .anyMatch(word -> how.site().get().contains("/" + steps.named(word, "")));
  }

  private Set<Integer> locksAmongMates() {
    var all = new TreeSet<Integer>();
    mates.values().forEach(m -> m.words().stream().filter(locks::containsKey).forEach(all::add));
    return all;
  }

  Optional<Waiters> waiters() {
    return waiters;
  }

  Optional<LockWatch> lockWatch() {
    return lockWatch;
  }

  /// Says that words, which may be those of locks, are one with `word` in what is modelled, and
  /// only told apart here. Who tears an update of `word` in two ([Mutation]) writes them all back,
  /// and with them whether somebody waits for one that is a lock.
  ///
  /// @param torn the violation if others had changed one of them in between
  public void together(int word, Violation torn, int... others) {
    mates.put(word, Mates.of(torn, others));
  }

  Mates matesOf(int word) {
    return mates.getOrDefault(word, Mates.NONE);
  }

  /// Where it is said that somebody waits for one of a word's mates.
  List<Integer> waitersOf(Mates all) {
    return waiters.map(w -> w.of(all.words())).orElse(List.of());
  }

  Mutation mutation() {
    return mutation;
  }

  /// Says how long things take, for runs in simulated time.
  public void timing(Timing how) {
    timing = how;
  }

  public Timing timing() {
    return timing;
  }

  /// Nothing is to be added from now on: it runs. Called by whoever runs it.
  public void begin() {
    laidOut = true;
  }

  private void mayBeAddedTo() {
    if (laidOut) {
      throw new IllegalStateException(
          "a program that runs takes no more words, locks or tasks");
    }
  }

  /// What to call the end of a run: equal strings are one outcome. Asked when every normal task has
  /// ended or is asleep ([OpKind#SLEEP]).
  public void outcome(Function<View, String> atEnd) {
    outcome = atEnd;
  }

  /// What is wrong with memory at the end of a run, asked when [#outcome] is.
  public void finalCheck(Function<View, List<Violation>> atEnd) {
    finalCheck = atEnd;
  }

  public String outcomeOf(View view) {
    return Objects.requireNonNull(outcome.apply(view), "a run whose outcome is null");
  }

  public List<Violation> finalViolations(View view) {
    return finalCheck.apply(view);
  }

  public List<Task> tasks() {
    return Collections.unmodifiableList(tasks);
  }

  /// Number of words.
  public int size() {
    return size;
  }

  /// A fresh copy of memory before the first step.
  public long[] initialMemory() {
    return Arrays.copyOf(initial, size);
  }

  /// The class of the lock at a word; null where the word is no lock.
  public LockClass lockAt(int word) {
    return locks.get(word);
  }

  public Region regionOf(int word) {
    int low = 0;
    int high = regions.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (regions.get(middle).base() <= word) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return regions.get(low);
  }

  public String nameOf(int word) {
    var region = regionOf(word);
    return region.name().apply(word - region.base());
  }

  /// A word's value as traces show it.
  public String show(int word, long value) {
    return regionOf(word).show().apply(value);
  }

  /// The number by which operations name a violation.
  public int idOf(Violation violation) {
    return violationIds.computeIfAbsent(
        violation,
        v -> {
          violations.add(v);
          return violations.size() - 1;
        });
  }

  public Violation violation(long id) {
    return violations.get(Math.toIntExact(id));
  }

  private String showLock(long value) {
    if (value == 0) {
      return "free";
    }
    return value < 0 ? "held by " + tasks.get((int) (-value - 1)) : "read-held by " + value;
  }
}
