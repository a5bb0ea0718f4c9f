package shootdown.examples.queue;

import java.util.List;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.View;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// A queue of a few slots: a producer puts 1, 2, … in, a consumer takes them out.
///
/// ```text
/// full[i] = 0    slot i is the producer's: it writes the value, then full[i] = 1
/// full[i] = 1    slot i is the consumer's: it reads the value, then full[i] = 0
/// asleep = 1     the consumer sleeps until the producer makes it 0
/// ```
public final class BoundedQueue {
  /// What is wrong with it.
  public enum Mistake {
    NONE,
    /// a slot is given to the consumer before the value is in it
    PUBLISHES_FIRST,
    /// the consumer looks at the slot before it says that it will sleep, and not again after that:
    /// a value that comes in between wakes nobody
    LOOKS_ONCE
  }

  private static final Violation DISORDER =
      new Violation("first in, first out", "the consumer takes another value than was due");

  private final Steps steps;
  private final Words full;
  private final Words value;
  private final Word asleep;
  private final Word taken;
  private final int capacity;
  private final Mistake mistake;

  private BoundedQueue(Program program, int capacity, Mistake mistake) {
    steps = program.steps();
    full = program.words("full", capacity, 0);
    value = program.words("value", capacity, 0);
    asleep = program.word("asleep", 0);
    taken = program.word("taken", 0);
    this.capacity = capacity;
    this.mistake = mistake;
  }

  /// A producer of so many values, and their consumer.
  ///
  /// @param capacity slots of the queue, at least 1
  public static Program program(int capacity, int values, Mistake mistake) {
    var program = new Program();
    var queue = new BoundedQueue(program, capacity, mistake);
    var steps = program.steps();
    program.task("producer", Task.Kind.NORMAL, () -> steps.each(0, values, queue::put));
    program.task("consumer", Task.Kind.NORMAL, () -> steps.each(0, values, queue::take));
    program.finalCheck(view -> queue.atEnd(view, values));
    return program;
  }

  private void put(int i) {
    int slot = i % capacity;
    full.at(slot).await(0);
    if (mistake == Mistake.PUBLISHES_FIRST) {
      full.at(slot).write(1);
      value.at(slot).write(i + 1L);
    } else {
      value.at(slot).write(i + 1L);
      full.at(slot).write(1);
    }
    asleep.write(0);
  }

  private void take(int i) {
    int slot = i % capacity;
    steps.retry("wait for a value", () -> arrived(slot) ? Turn.done(true) : Turn.again(true));
    if (!value.at(slot).is(i + 1L)) {
      throw steps.fail(DISORDER);
    }
    full.at(slot).write(0);
    taken.add(1);
  }

  private boolean arrived(int slot) {
    if (full.at(slot).is(1)) {
      return true;
    }
    asleep.write(1);
    if (mistake != Mistake.LOOKS_ONCE && full.at(slot).is(1)) {
      return true;
    }
    asleep.sleepUntil(1, 0);
    return false;
  }

  private List<Violation> atEnd(View view, int values) {
    return view.get(taken) == values
        ? List.of()
        : List.of(new Violation("lost wakeup", "the consumer sleeps, and nobody will wake it"));
  }
}
