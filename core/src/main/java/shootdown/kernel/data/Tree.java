package shootdown.kernel.data;

import java.util.function.Supplier;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// What Linux keeps in a tree or a list: several words, which are not as they should be while
/// somebody changes them. That is what its lock is for, besides what is in it; what is in it is one
/// word for each entry here, and cannot be found half changed.
///
/// Where the lock is held it costs no state.
public final class Tree {
  private final String name;
  private final Steps steps;
  private final Word changing;

  Tree(Program program, String name) {
    this.name = name;
    this.steps = program.steps();
    this.changing =
        program.words(_ -> name + " changing", 1, 0, Long::toString, false).at(0);
  }

  /// Changes it; tells what `how` tells. A kernel bug if somebody else is about to change it.
  public <T> T change(Supplier<T> how) {
    look();
    changing.write(1);
    T told = how.get();
    changing.write(0);
    return told;
  }

  /// Goes to the next entry. A kernel bug if somebody is about to change it.
  public void look() {
    if (!changing.is(0)) {
      throw steps.fail(
          new Violation("kernel bug", name + ": used while somebody else changes it"));
    }
  }
}
