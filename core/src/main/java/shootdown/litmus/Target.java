package shootdown.litmus;

/// Where the value of a statement goes.
public sealed interface Target {
  /// Nowhere: the statement is a call or a load alone.
  record Nothing() implements Target {}

  /// A register of the thread; in the initial state, the global that the statement binds.
  record Register(String name, Position at) implements Target {}

  /// A store of one word.
  record Memory(Place place) implements Target {}
}
