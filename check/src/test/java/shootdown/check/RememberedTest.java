package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import shootdown.sched.Program;

/// A read whose value no longer matters is named, with the scopes that it is in.
class RememberedTest {
  @Test
  void whatAScopeWouldForgetIsNamed() {
    assertEquals(
        List.of(new Remembered.Thing("task 0 > outer: READ x (0, 0)", 4)),
        Remembered.of(program(false), Options.DEFAULT));
    assertEquals(List.of(), Remembered.of(program(true), Options.DEFAULT));
  }

  /// x is 0, 1 or 2, and what it is does not matter for the two steps after that.
  private static Supplier<Program> program(boolean forgets) {
    return CheckTest.program(
        p -> {
          var x = p.word("x", 0);
          var y = p.word("y", 0);
          CheckTest.task(
              p,
              "A",
              () ->
                  p.steps()
                      .run(
                          "outer",
                          () -> {
                            if (forgets) {
                              p.steps().forget(x::read);
                            } else {
                              x.read();
                            }
                            y.write(1);
                            y.write(2);
                          }));
          CheckTest.task(
              p,
              "B",
              () -> {
                x.write(1);
                x.write(2);
                y.write(3);
              });
        });
  }
}
