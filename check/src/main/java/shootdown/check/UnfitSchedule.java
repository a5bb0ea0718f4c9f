package shootdown.check;

/// A program cannot follow a schedule.
public final class UnfitSchedule extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int decision;
  private final String why;

  /// @param decision index of the first decision that cannot be followed
  UnfitSchedule(int decision, String why) {
    super("decision " + decision + ": " + why);
    this.why = why;
    this.decision = decision;
  }

  /// What is in the way.
  public String why() {
    return why;
  }

  /// Index of the first decision that cannot be followed.
  public int decision() {
    return decision;
  }
}
