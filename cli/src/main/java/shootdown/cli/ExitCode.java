package shootdown.cli;

/// How a run of `shootdown` ends, as its exit code tells a script.
public enum ExitCode {

  /// Everything is as the tests state, or nothing wrong was found where they state nothing or one
  /// interleaving was replayed.
  AS_STATED(0),

  /// A verdict differs from what a test states, or something wrong was found where nothing was
  /// stated or one interleaving was replayed.
  VERDICT_DIFFERS(1),

  /// The input or the usage is wrong: a litmus file, an option, a missing JDK.
  BAD_INPUT(2),

  /// The bounds of the search were reached before the verdict was decided.
  UNDECIDED(3),

  /// Nothing could be run here: this host lacks what the test needs.
  NOTHING_RUN(4),

  /// A bug of our own, printed with what replays it.
  OWN_BUG(70);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /// The process exit code, 0 to 255.
  public int code() {
    return code;
  }
}
