package shootdown.check;

/// One way to follow fewer interleavings, because others show the same; see ADR 0002, for symmetry
/// ADR 0006, and for sleep sets ADR 0015.
public enum Reduction {
  /// Accesses to words that one task uses, or none writes, are no steps.
  PRIVATE_WORDS,

  /// Nor are accesses to words that locks protect.
  LOCKED_WORDS,

  /// Taking a lock joins the step after it, releasing one the step before it.
  LOCK_MOVERS,

  /// Where a task chooses, no other task is followed.
  LOCAL_CHOICES,

  /// Of states that are equal up to the names of what a program declares to be
  /// [shootdown.sched.Alike], one is followed.
  SYMMETRY,

  /// A step is not taken where two steps that commute are known to lead to a state that was met. It
  /// leaves out no state, and counts as taken.
  SLEEP_SETS
}
