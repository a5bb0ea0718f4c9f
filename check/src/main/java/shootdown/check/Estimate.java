package shootdown.check;

/// How much of a depth-first search is done, from the branches that its path has left to take.
///
/// Each state's share is divided among the steps that leave it. Not in equal parts: the first one
/// meets most of what can be reached at all, and what comes later meets it again. So each step gets
/// [#AGAIN] times the share of the one before it. (Equal parts are Knuth's estimate, 1975; of the
/// reference problem they say 0.5 % when half is done, and 12 % when 95 % is. The factor was chosen
/// there: it says 40 % and 71 %.)
final class Estimate {
  private static final double AGAIN = 0.25;

  /// Branches deeper than those that decide so much of the share do not matter.
  private static final double ENOUGH = 1e-6;

  private Estimate() {}

  /// The share that is done, 0 to 1, of a search in the order of tasks and choices.
  ///
  /// @param path the steps to where it is
  static double done(Learned learned, Expansion.Steps path) {
    var stepper = learned.stepper(new Fingerprints(0), (_, _) -> {});
    stepper.reset();
    double done = 0;
    double share = 1;
    for (int i = 0; i < path.size() && share > ENOUGH; i++) {
      int taken = 0;
      int all = 0;
      int only = learned.only(stepper.at);
      for (int t = 0; t < stepper.at.length; t++) {
        if ((only < 0 || t == only) && stepper.isEnabled(t)) {
          int branches = Math.max(1, stepper.choices(t));
          taken += t < path.task(i) ? branches : t == path.task(i) ? path.choice(i) : 0;
          all += branches;
        }
      }
      double whole = 1 - Math.pow(AGAIN, all);
      done += share * (1 - Math.pow(AGAIN, taken)) / whole;
      share *= Math.pow(AGAIN, taken) * (1 - AGAIN) / whole;
      stepper.step(path.task(i), path.choice(i));
    }
    return done;
  }
}
