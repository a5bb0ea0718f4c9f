package shootdown.examples.asid;

import java.util.function.Supplier;
import shootdown.sched.Alike;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Symmetry;
import shootdown.sched.Words;

/// Cuts code into steps as a [Detail] asks for, and keeps for [Detail#TWIN] what the
/// specification's variables keep.
final class Labels {
  /// The specification's variables whose values outlive their use.
  enum Kept {
    ASID,
    OLD_ACTIVE_ASID,
    RESERVED_WAS_UPDATED,
    NEW_CONTEXT
  }

  private final Steps steps;
  private final Detail detail;
  private final int processes;
  private final Words kept;

  /// @param processes whose variables there are
  Labels(Program program, Detail detail, int processes) {
    steps = program.steps();
    this.detail = detail;
    this.processes = processes;
    int variables = Kept.values().length;
    kept =
        program.words(
            i -> Kept.values()[i / processes] + "[" + i % processes + "]",
            detail == Detail.TWIN ? variables * processes : 0,
            0,
            Long::toString,
            false);
  }

  /// Whose variables are whose: a CPU's, and at last those of a process that is no CPU.
  void declare(Symmetry symmetry, Alike cpus) {
    symmetry.places(
        kept,
        (i, renaming) -> i - i % processes + renaming.of(cpus, i % processes));
  }

  /// A label's step, of accesses to shared memory.
  <T> T step(String label, Supplier<T> body) {
    return detail == Detail.ACCESSES ? steps.scope(body) : steps.atomically(label, body);
  }

  /// A label's step that touches nothing shared.
  void local(String label, Runnable body) {
    if (detail != Detail.ACCESSES) {
      steps.atomic(
          label,
          () -> {
            steps.progress();
            body.run();
          });
    }
  }

  /// A label's step that does nothing.
  void local(String label) {
    local(label, () -> {});
  }

  /// Keeps a variable's value, within a step.
  void keep(Kept variable, int process, long value) {
    if (detail == Detail.TWIN) {
      kept.at(variable.ordinal() * processes + process).write(value);
    }
  }
}
