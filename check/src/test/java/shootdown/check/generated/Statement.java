package shootdown.check.generated;

import java.util.List;

/// A statement of a generated program. A task has one local variable, `x`.
sealed interface Statement {
  /// mixes the word into `x`
  record Read(int word) implements Statement {}

  /// `word = value`
  record Write(int word, long value) implements Statement {}

  /// `word = x % 3`
  record Store(int word) implements Statement {}

  /// `word = (word + 1)`, told nothing
  record Add(int word, long value) implements Statement {}

  /// `x = cas(word, expected, update)`
  record Cas(int word, long expected, long update) implements Statement {}

  /// `x = swap(word, value)`
  record Swap(int word, long value) implements Statement {}

  /// `x = choose(n)`
  record Choose(int n) implements Statement {}

  /// `x = chooseByHabit(question, 2)`
  record Ask(int question) implements Statement {}

  /// waits until `word == value`
  record Await(int word, long value) implements Statement {}

  /// sleeps until `word == value`
  record Sleep(int word, long value) implements Statement {}

  /// `if (word == value) … else …`
  record If(int word, long value, List<Statement> then, List<Statement> otherwise)
      implements Statement {}

  /// `if (x == value) …`
  record IfLocal(long value, List<Statement> then) implements Statement {}

  /// takes a lock, releases it afterwards
  record Locked(int lock, List<Statement> body) implements Statement {}

  /// the same for reading
  record ReadLocked(int lock, List<Statement> body) implements Statement {}

  /// the same if the lock is free, else x = 7
  record TryLocked(int lock, List<Statement> body) implements Statement {}

  /// the same for reading
  record TryReadLocked(int lock, List<Statement> body) implements Statement {}

  /// takes a lock for writing, downgrades it at the end of the body and releases it
  record Downgraded(int lock, List<Statement> body, List<Statement> after) implements Statement {}

  /// one step; x is its result
  record Atomic(List<Statement> body) implements Statement {}

  /// x is its result, all else is forgotten
  record Scope(List<Statement> body) implements Statement {}

  /// does the body a number of times; x is forgotten each time
  record Times(int times, List<Statement> body) implements Statement {}

  /// does the body until `word == value`; x is forgotten each time
  record Until(int word, long value, List<Statement> body) implements Statement {}

  /// until a bit of the word is set: adds 1 to it, and does the body; x is forgotten each time
  record Count(int word, long bit, List<Statement> body) implements Statement {}

  /// up to so many times, until `cas(word, 0, 1)` does it: does the body in between; x tells
  /// whether it was done
  record Try(int times, int word, List<Statement> body) implements Statement {}

  /// `word = (word + 1) % 3` by a read and a cas, as often as it takes
  record Update(int word) implements Statement {}

  /// reports and goes on
  record Violate(int number) implements Statement {}

  /// reports and ends the path
  record Fail(int number) implements Statement {}

  /// gets something done
  record Progress() implements Statement {}
}
