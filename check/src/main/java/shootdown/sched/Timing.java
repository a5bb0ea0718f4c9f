package shootdown.sched;

import java.util.List;
import java.util.random.RandomGenerator;

/// How long what the tasks of a program do takes, and what is left to chance: what a run in
/// simulated time asks. Each task has a processor of its own.
public interface Timing {
  /// Where nothing is known: all steps take about the same.
  Timing ALIKE =
      new Timing() {
        private static final List<Cost> ONE = List.of(new Cost.Typical(10, 40, false));

        @Override
        public List<Cost> costs(Step step) {
          return ONE;
        }

        @Override
        public List<Cost> resuming(Step step) {
          return ONE;
        }

        @Override
        public List<Interruption> interruptions() {
          return List.of();
        }
      };

  /// A step that a task is about to take: an operation or an atomic block, and the way there.
  ///
  /// @param task who
  /// @param kind what its first operation does
  /// @param word index of the word that this touches, -1 for none
  /// @param inside names of the scopes and the atomic block that it is in, outermost first
  /// @param entered those of them, and those in between, that the task enters on the way from its
  ///     step before
  record Step(int task, OpKind kind, int word, List<String> inside, List<String> entered) {}

  /// What stops a running task now and then, for nothing.
  ///
  /// @param perSecond how often, of the time that the task runs: a Poisson process
  /// @param length how long
  /// @param preempts whether it has to wait until the task holds no lock under which none sleeps
  record Interruption(double perSecond, Cost length, boolean preempts) {}

  /// What a step takes, from the end of the one before; the sum of these.
  List<Cost> costs(Step step);

  /// What passes from when another task makes a step possible until the one that waited for it
  /// takes it; the sum of these.
  List<Cost> resuming(Step step);

  /// Asked once for each program.
  List<Interruption> interruptions();

  /// A value of 0 … n-1 for a step that chooses.
  default int choose(Step step, int n, RandomGenerator random) {
    return random.nextInt(n);
  }
}
