package shootdown.check;

/// Leaves a task's code.
final class Leave extends Error {
  private static final long serialVersionUID = 1;
  static final Leave NOW = new Leave();

  private Leave() {
    super("the checker leaves this task's code", null, false, false);
  }
}
