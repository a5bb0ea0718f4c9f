package shootdown.sched;

/// How a turn of a loop ends: with another turn, or with the loop's result.
///
/// @param <S> the loop's live values, compared by equals
/// @param <T> the loop's result, compared by equals
public sealed interface Turn<S, T> {
  /// Go round again; of all that this turn read only `live` stays.
  record Again<S, T>(S live) implements Turn<S, T> {}

  /// Leave the loop.
  record Done<S, T>(T result) implements Turn<S, T> {}

  static <S, T> Turn<S, T> again(S live) {
    return new Again<>(live);
  }

  static <S, T> Turn<S, T> done(T result) {
    return new Done<>(result);
  }
}
