package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shootdown.check.generated.Family;
import shootdown.check.generated.GeneratedProgram;
import shootdown.sched.Violation;

/// Reductions that are wrong: the small programs show each of them. What a search has learned is
/// changed by hand, and it is searched again.
class UnsoundReductionsTest {
  private static final int SLICE = 41;

  /// Something that would be wrong to assume of operations.
  enum Wrong {
    /// an atomic block is unseen if its first access is
    ATOMIC_BY_ITS_FIRST_ACCESS {
      @Override
      void plant(Automaton known, int v) {
        known.flags[v] &= ~Automaton.ENTRY;
      }
    },
    /// a step may take one lock after the other
    LOCKS_ARE_JOINED {
      @Override
      void plant(Automaton known, int v) {
        if (known.mover[v] == Movers.RIGHT) {
          known.mover[v] = Movers.BOTH;
        }
      }
    },
    /// it does not matter that somebody only tries to take a lock
    TRIED_LOCKS_MOVE {
      @Override
      void plant(Automaton known, int v) {
        known.mover[v] =
            switch (known.code[v]) {
              case Code.LOCK, Code.READ_LOCK -> Movers.RIGHT;
              case Code.UNLOCK, Code.READ_UNLOCK, Code.DOWNGRADE -> Movers.LEFT;
              default -> known.mover[v];
            };
      }
    },
    /// who holds some lock is alone with all words
    ANY_LOCK_PROTECTS {
      @Override
      void plant(Automaton known, int v) {
        boolean holds = !known.isInBlock(v) && !known.held(v).isEmpty();
        if (holds && known.mover[v] == Movers.NONE && known.code[v] <= Code.REPLACE) {
          known.mover[v] = Movers.BOTH;
        }
      }
    },
    /// a wait is an access like any other, which joins the step before it
    WAITS_ARE_JOINED {
      @Override
      void plant(Automaton known, int v) {
        if (known.code[v] == Code.AWAIT && !known.isInBlock(v)) {
          known.mover[v] = Movers.BOTH;
        }
      }
    },
    /// while a task chooses in a loop, no other is followed
    CHOICES_IN_LOOPS_ARE_LOCAL {
      @Override
      void plant(Automaton known, int v) {
        if (known.code[v] == Code.CHOOSE && known.isHead(v)) {
          known.flags[v] |= Automaton.LOCAL;
        }
      }
    };

    abstract void plant(Automaton known, int vertex);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongIsNoticed(Wrong wrong) {
    int[] number = {0};
    boolean noticed =
        Stream.of(Family.withADaemon(), Family.pairs(), Family.ofTwoNodes())
            .flatMap(programs -> programs.filter(_ -> number[0]++ % SLICE == 0))
            .anyMatch(program -> isNoticed(program, wrong));

    assertTrue(noticed);
  }

  private static boolean isNoticed(GeneratedProgram program, Wrong wrong) {
    var learned = new Learned(program.build(), Reductions.ALL);
    var right = search(learned);
    for (int v = 0; v < learned.automaton.size(); v++) {
      if (Code.isOperation(learned.automaton.code[v])) {
        wrong.plant(learned.automaton, v);
      }
    }
    return !right.equals(search(learned));
  }

  private static Set<String> search(Learned learned) {
    var findings = new Findings();
    var options = Options.DEFAULT;
    new DepthFirst(learned, findings, options).search();
    return Stream.concat(
            findings.outcomes.keySet().stream(),
            findings.violations.keySet().stream().map(Violation::toString))
        .collect(Collectors.toSet());
  }
}
