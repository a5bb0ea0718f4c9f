package shootdown.model;

/// How a test's condition turned out, in herd7's words.
public enum Observation {
  /// no execution satisfies it, and all were explored
  NEVER("Never"),
  /// some do, some do not
  SOMETIMES("Sometimes"),
  /// all do, and all were explored
  ALWAYS("Always"),
  /// what was explored does not decide it
  UNKNOWN("Unknown");

  private final String label;

  Observation(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
