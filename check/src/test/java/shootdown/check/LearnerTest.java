package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import shootdown.sched.OpKind;
import shootdown.sched.Turn;

/// When the code of tasks runs, and what is kept of it.
class LearnerTest {
  @Test
  void theCodeRunsOnceForEachResult() {
    var result =
        CheckTest.check(
            Reductions.NONE,
            p -> {
              var x = p.word("x", 0);
              CheckTest.task(p, "A", () -> p.steps().each(0, 20, _ -> x.add(1)));
              CheckTest.task(p, "B", () -> p.steps().each(0, 20, _ -> x.add(1)));
            });

    assertEquals(441, result.effort().states());
    assertEquals(4, result.effort().runs());
  }

  @Test
  void aScopeWhoseResultIsKnownIsLeftOut() {
    var entered = new AtomicInteger();
    var program =
        CheckTest.program(
            p -> {
              var x = p.word("x", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    p.steps()
                        .forget(
                            () -> {
                              entered.incrementAndGet();
                              x.read();
                            });
                    p.steps().each(0, 50, _ -> x.write(1));
                  });
            });

    var learned = new Learned(program.get(), Reductions.NONE);
    var search = new DepthFirst(learned, new Findings(), Options.DEFAULT);

    assertTrue(search.search().isEmpty());
    assertEquals(52, search.states());
    assertEquals(2, entered.get());
  }

  @Test
  void aScopeForgetsWhatItRead() {
    var result =
        CheckTest.check(
            Reductions.NONE,
            p -> {
              var x = p.word("x", 0);
              var y = p.word("y", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    p.steps().forget(x::read);
                    y.write(1);
                  });
              CheckTest.task(p, "B", () -> p.steps().each(1, 30, i -> x.write(i)));
            });

    assertEquals(30 * 3, result.effort().states());
  }

  @Test
  void aLoopThatGoesRoundIsACycle() {
    var program =
        CheckTest.program(
                p -> {
                  var x = p.word("x", 0);
                  CheckTest.task(
                      p,
                      "A",
                      () ->
                          p.steps()
                              .<Integer, Boolean>loop(
                                  "flip",
                                  0,
                                  i -> {
                                    x.write(i);
                                    return Turn.again(1 - i);
                                  }));
                })
            .get();
    var learned = new Learned(program, Reductions.NONE);
    int first = learned.roots[0];
    int second = learned.learn(first, 0, new long[1]);
    int third = learned.learn(second & Automaton.VERTEX, 0, new long[1]);

    assertEquals(first | Automaton.AGAIN, third);
    assertTrue((second & Automaton.AGAIN) != 0);
    assertEquals(2, learned.automaton.operations());
    assertTrue(learned.automaton.isHead(first));
  }

  @Test
  void operationsInFinallyAreIgnoredWhileTheCodeIsLeft() {
    var result =
        CheckTest.check(
            Reductions.NONE,
            p -> {
              var x = p.word("x", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    try {
                      x.write(1);
                    } finally {
                      x.write(2);
                    }
                  });
              p.outcome(view -> "" + view.get(x));
            });

    assertEquals(java.util.Set.of("2"), result.outcomes().keySet());
    assertEquals(3, result.effort().states());
  }

  @Test
  void codesAreOrdinals() {
    var codes = new ArrayList<String>();
    for (var field : Code.class.getDeclaredFields()) {
      if (field.getType() == int.class && codes.size() < OpKind.values().length) {
        assertEquals(field.getName(), OpKind.values()[codes.size()].name());
        codes.add(field.getName());
      }
    }

    assertEquals(OpKind.values().length, codes.size());
    assertFalse(Code.isOperation(Code.END));
  }
}
