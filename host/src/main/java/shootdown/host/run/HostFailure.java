package shootdown.host.run;

/// A worker could not be run, or did not do what it should; the message says what happened.
public final class HostFailure extends Exception {
  private static final long serialVersionUID = 1;

  public HostFailure(String message) {
    super(message);
  }

  public HostFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
