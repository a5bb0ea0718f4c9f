package shootdown.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.View;
import shootdown.sched.Violation;

/// Judges a state in which no task can perform anything: the end of a run, or a deadlock.
final class Rest {
  private static final String ASKED = "what is asked at the end";

  private final Program program;
  private final Automaton automaton;

  Rest(Learned learned) {
    program = learned.program;
    automaton = learned.automaton;
  }

  /// The deadlock that tasks standing `at` these vertices are in, if they are.
  Optional<Violation> deadlock(int[] at) {
    List<String> waiting = new ArrayList<>();
    for (Task task : program.tasks()) {
      int vertex = at[task.id()];
      if (task.kind() == Task.Kind.NORMAL
          && automaton.code[vertex] != Code.END
          && automaton.code[vertex] != Code.SLEEP) {
        waiting.add(task + " waits for " + program.nameOf(automaton.word[vertex]));
      }
    }
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(new Violation(Violation.DEADLOCK, String.join(", ", waiting)));
  }

  String outcome(long[] memory) {
    return asked(program::outcomeOf, memory);
  }

  List<Violation> violations(long[] memory) {
    return asked(program::finalViolations, memory);
  }

  private static <T> T asked(Function<View, T> question, long[] memory) {
    try {
      return Pulse.current().answer(ASKED, () -> question.apply(i -> memory[i]));
    } catch (RuntimeException thrown) {
      throw new ProgramBug(ASKED + " threw " + thrown, Schedule.EMPTY, thrown);
    }
  }
}
