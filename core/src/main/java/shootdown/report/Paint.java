package shootdown.report;

/// Colours of a terminal, or none.
public enum Paint {
  NONE,
  COLOURS;

  private static final String RED = "\u001B[31m";
  private static final String GREEN = "\u001B[32m";
  private static final String YELLOW = "\u001B[33m";
  private static final String RESET = "\u001B[0m";

  String standing(Standing standing, String text) {
    if (this == NONE) {
      return text;
    }
    String colour = switch (standing) {
      case AS_STATED, NOTHING_WRONG -> GREEN;
      case DIFFERS -> RED;
      case UNDECIDED -> YELLOW;
    };
    return colour + text + RESET;
  }
}
