package shootdown.check.generated;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Other names for the two words and the two locks of a generated program.
///
/// @param words whether the words change places
/// @param locks whether the locks do
record Renaming(boolean words, boolean locks) {
  static final List<Renaming> ALL =
      List.of(
          new Renaming(false, false),
          new Renaming(true, false),
          new Renaming(false, true),
          new Renaming(true, true));

  /// For each body the number of what it is renamed to.
  int[] of(List<List<Statement>> bodies, Map<List<Statement>, Integer> numbers) {
    return IntStream.range(0, bodies.size())
        .map(i -> numbers.get(of(bodies.get(i))))
        .toArray();
  }

  private List<Statement> of(List<Statement> body) {
    return body.stream().map(this::of).toList();
  }

  private int word(int w) {
    return words ? 1 - w : w;
  }

  private int lock(int l) {
    return locks ? 1 - l : l;
  }

  private Statement of(Statement statement) {
    return switch (statement) {
      case Statement.Read(int w) -> new Statement.Read(word(w));
      case Statement.Write(int w, long v) -> new Statement.Write(word(w), v);
      case Statement.Store(int w) -> new Statement.Store(word(w));
      case Statement.Add(int w, long v) -> new Statement.Add(word(w), v);
      case Statement.Cas(int w, long a, long b) -> new Statement.Cas(word(w), a, b);
      case Statement.Swap(int w, long v) -> new Statement.Swap(word(w), v);
      case Statement.Await(int w, long v) -> new Statement.Await(word(w), v);
      case Statement.Sleep(int w, long v) -> new Statement.Sleep(word(w), v);
      case Statement.If(int w, long v, var a, var b) ->
          new Statement.If(word(w), v, of(a), of(b));
      case Statement.IfLocal(long v, var a) -> new Statement.IfLocal(v, of(a));
      case Statement.Locked(int l, var a) -> new Statement.Locked(lock(l), of(a));
      case Statement.ReadLocked(int l, var a) -> new Statement.ReadLocked(lock(l), of(a));
      case Statement.TryLocked(int l, var a) -> new Statement.TryLocked(lock(l), of(a));
      case Statement.TryReadLocked(int l, var a) ->
          new Statement.TryReadLocked(lock(l), of(a));
      case Statement.Downgraded(int l, var a, var b) ->
          new Statement.Downgraded(lock(l), of(a), of(b));
      case Statement.Atomic(var a) -> new Statement.Atomic(of(a));
      case Statement.Scope(var a) -> new Statement.Scope(of(a));
      case Statement.Times(int n, var a) -> new Statement.Times(n, of(a));
      case Statement.Until(int w, long v, var a) -> new Statement.Until(word(w), v, of(a));
      case Statement.Count(int w, long bit, var a) -> new Statement.Count(word(w), bit, of(a));
      case Statement.Try(int n, int w, var a) -> new Statement.Try(n, word(w), of(a));
      case Statement.Update(int w) -> new Statement.Update(word(w));
      case Statement.Choose _,
          Statement.Ask _,
          Statement.Violate _,
          Statement.Fail _,
          Statement.Progress _ ->
          statement;
    };
  }
}
