package shootdown.litmus;

/// The releases, or the machines, that a `Result:` line speaks of.
public sealed interface Selector {
  /// The line names none: it holds for all.
  record Any() implements Selector {}

  /// As written; whether there is such a release or machine is not for this package to know.
  record Named(String text, Position at) implements Selector {}
}
