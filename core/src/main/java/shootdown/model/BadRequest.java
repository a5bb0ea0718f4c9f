package shootdown.model;

/// What a user asked for does not exist: a release, a fix, a machine, a schedule that is none.
public final class BadRequest extends Exception {
  private static final long serialVersionUID = 1;

  public BadRequest(String message) {
    super(message);
  }
}
