package shootdown.litmus;

/// The right side of an assignment, or a statement that keeps no result.
public sealed interface Source permits Expression, Call {
  Position at();
}
