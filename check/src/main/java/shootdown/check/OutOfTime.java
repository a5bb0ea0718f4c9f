package shootdown.check;

/// Ends what comes after a search where its time is over.
final class OutOfTime extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutOfTime(String why) {
    super(why, null, false, false);
  }
}
