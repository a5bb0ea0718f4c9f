package shootdown.check;

/// The checker contradicts itself: a fault of Shootdown, never of the checked program.
public final class CheckerBug extends Error {
  private static final long serialVersionUID = 1;

  CheckerBug(String message) {
    super(message);
  }
}
