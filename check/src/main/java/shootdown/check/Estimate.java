package shootdown.check;

import java.util.function.ToIntFunction;
import shootdown.check.Branches.Branch;

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

  private double left;
  private double share = 1;

  /// What is done of a search whose path leads by the states that were told and on, 0 to 1.
  double done() {
    return 1 - left - share;
  }

  /// Whether more of the path matters.
  boolean goesOn() {
    return share > ENOUGH;
  }

  /// The next state on the path, of whose `all` branches the one with an index is under way, and
  /// those from another index on are left to be taken.
  void at(int all, int underWay, int next) {
    double whole = 1 - Math.pow(AGAIN, all);
    if (all == 0) {
      return;
    }
    left += share * (Math.pow(AGAIN, Math.min(next, all)) - Math.pow(AGAIN, all)) / whole;
    share *= Math.pow(AGAIN, underWay) * (1 - AGAIN) / whole;
  }

  /// The share that is done, 0 to 1, of a search in the order of tasks and choices.
  ///
  /// @param path the steps to where it is
  static double done(Learned learned, Expansion.Steps path) {
    var stepper = learned.stepper(new Fingerprints(0), (_, _) -> {});
    stepper.reset();
    var estimate = new Estimate();
    for (int i = 0; i < path.size() && estimate.goesOn(); i++) {
      int only = learned.only(stepper.at);
      int all = branches(stepper, only, stepper.at.length, 0);
      int taken = branches(stepper, only, path.task(i), path.choice(i));
      estimate.at(all, taken, taken + 1);
      stepper.step(path.task(i), path.choice(i));
    }
    return estimate.done();
  }

  /// The share that is left, 0 to 1, of one branch of a search in the order of tasks and choices.
  ///
  /// @param stepper is used up
  /// @param only as [Learned#only]
  static double left(Branch branch, Stepper stepper, ToIntFunction<int[]> only) {
    stepper.reset();
    var estimate = new Estimate();
    int length = branch.tasks().length;
    for (int i = 0; i <= length && estimate.goesOn(); i++) {
      int one = only.applyAsInt(stepper.at);
      int all = branches(stepper, one, stepper.at.length, 0);
      int open = i - branch.base();
      int next =
          open < 0
              ? all
              : branches(stepper, one, branch.nextTask()[open], branch.nextChoice()[open]);
      if (i == length) {
        estimate.at(all, 0, next);
      } else {
        int task = branch.tasks()[i];
        estimate.at(all, branches(stepper, one, task, branch.choices()[i]), next);
        stepper.step(task, branch.choices()[i]);
      }
    }
    return estimate.left;
  }

  /// Branches of a state before one.
  private static int branches(Stepper state, int only, int task, int choice) {
    int before = 0;
    for (int t = 0; t < state.at.length && t <= task; t++) {
      if ((only < 0 || t == only) && state.isEnabled(t)) {
        before += t < task ? Math.max(1, state.choices(t)) : choice;
      }
    }
    return before;
  }
}
