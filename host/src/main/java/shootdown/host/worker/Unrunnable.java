package shootdown.host.worker;

/// A test, or a part of one, that no program of user space can run; the message says which and why.
public final class Unrunnable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// What cannot be run, and why.
  public Unrunnable(String message) {
    super(message);
  }
}
