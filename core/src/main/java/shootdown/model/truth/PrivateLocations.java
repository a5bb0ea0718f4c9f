package shootdown.model.truth;

import shootdown.machine.Machine;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// Which private locations each process has in use: a bit each.
final class PrivateLocations {
  private final Locations locations;
  private final Steps steps;
  private final Word[] inUse;

  PrivateLocations(Program program, Locations locations) {
    this.locations = locations;
    this.steps = program.steps();
    this.inUse = new Word[locations.spaces()];
    for (int i = 0; i < inUse.length; i++) {
      inUse[i] =
          program.words(_ -> "private locations", 1, 0, Long::toBinaryString, false).at(0);
    }
  }

  /// Takes a location that the process does not use; more than there are is a stated limit.
  int take(int mm) {
    int lineage =
        steps.scope(
            () -> {
              int free = Long.numberOfTrailingZeros(~inUse[mm].read());
              if (free >= locations.privates()) {
                throw steps.fail(
                    new Violation(Machine.LIMIT, "too many private pages in one process"));
              }
              inUse[mm].set(1L << free);
              return free;
            });
    return locations.ofPrivate(mm, lineage);
  }

  /// The location is not used any more.
  void giveBack(int location) {
    inUse[locations.space(location)].clear(1L << locations.lineage(location));
  }

  /// A child uses those that its parent does.
  void inherit(int parent, int child) {
    steps.atomic("fork ends", () -> inUse[child].write(inUse[parent].read()));
  }
}
