package shootdown.model;

import java.util.Map;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Observable;

/// The text of outcomes, the same from a model and from a machine, so that they can be compared.
public final class Outcome {
  private Outcome() {}

  /// `0:r1=1;`, `0:sig=SIGSEGV;`.
  public static String show(Observable observable, long value) {
    String shown =
        observable instanceof Observable.Signal ? Signal.show(value) : Long.toString(value);
    return observable.label() + "=" + shown + ";";
  }

  /// Whether the proposition of a test's condition holds of an outcome; false without a condition.
  ///
  /// @param globals what the names of the initial state stand for
  public static boolean satisfies(LitmusTest test, String text, Map<String, Long> globals) {
    return EndState.satisfies(test, text, globals);
  }
}
