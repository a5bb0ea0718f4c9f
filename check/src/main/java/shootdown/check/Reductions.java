package shootdown.check;

/// Which interleavings need not be followed because others show the same; see ADR 0002, and for
/// symmetry ADR 0006.
///
/// @param privateWords accesses to words that one task uses, or none writes, are no steps
/// @param lockedWords nor are accesses to words that locks protect
/// @param lockMovers taking a lock joins the step after it, releasing one the step before it
/// @param localChoices where a task chooses, no other task is followed
/// @param symmetry of states that are equal up to the names of what a program declares to be
///     [shootdown.sched.Alike], one is followed
public record Reductions(
    boolean privateWords,
    boolean lockedWords,
    boolean lockMovers,
    boolean localChoices,
    boolean symmetry) {
  public static final Reductions ALL = new Reductions(true, true, true, true, true);

  /// Every operation and every atomic block is a step.
  public static final Reductions NONE = new Reductions(false, false, false, false, false);

  /// Without symmetry.
  public Reductions(
      boolean privateWords, boolean lockedWords, boolean lockMovers, boolean localChoices) {
    this(privateWords, lockedWords, lockMovers, localChoices, false);
  }

  public Reductions withSymmetry() {
    return new Reductions(privateWords, lockedWords, lockMovers, localChoices, true);
  }

  public Reductions withoutSymmetry() {
    return new Reductions(privateWords, lockedWords, lockMovers, localChoices, false);
  }
}
