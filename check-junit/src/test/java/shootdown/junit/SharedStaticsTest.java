package shootdown.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.check.SharedStatics;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Word;

/// Static fields that tasks share are found in their byte code.
class SharedStaticsTest {
  private static int shared;
  private static int inHelper;
  private static int inherited;
  private static int behindAnInterface;
  private static int onlyWritten;
  private static int notByTasks;
  private static final int[] TABLE = {1, 2, 3};

  @Test
  void aFieldOfTheTasksClassIsFound() {
    var found =
        shared(
            x ->
                () -> {
                  shared = 1;
                  x.add(1);
                },
            x -> () -> x.write(shared));

    assertEquals(List.of("SharedStaticsTest.shared"), names(found));
    assertEquals(1, found.getFirst().writers().size());
    assertEquals(1, found.getFirst().readers().size());
  }

  /// What is called is looked through, before and after the first operation, and in lambdas.
  @Test
  void soAreThoseOfWhatTheyCall() {
    assertEquals(
        List.of("SharedStaticsTest.inHelper"),
        names(shared(x -> () -> x.add(next()), x -> () -> x.write(1))));
    assertEquals(
        List.of("SharedStaticsTest.inherited"),
        names(shared(x -> () -> x.write(new Heir().more(x.read())), x -> () -> x.write(1))));
    assertEquals(
        List.of("SharedStaticsTest.inHelper"),
        names(shared(x -> () -> x.add(twice(() -> next())), x -> () -> x.write(1))));
  }

  /// Which class is behind an interface is not known where it is called; but the task has made an
  /// object of one.
  @Test
  void soAreThoseBehindInterfaces() {
    assertEquals(
        List.of("SharedStaticsTest.behindAnInterface"),
        names(shared(x -> () -> x.add(twice(new Behind())), x -> () -> x.write(1))));
  }

  @Test
  void whatNoTaskBothWritesAndReadsIsNotFound() {
    notByTasks++;
    var found =
        shared(
            x ->
                () -> {
                  onlyWritten = 1;
                  x.add(TABLE[0]);
                },
            x -> () -> x.add(TABLE[1]));

    assertEquals(List.of(), found);
    assertTrue(notByTasks > 0 && onlyWritten > 0);
  }

  @Test
  void anExpectationFailsByThem() {
    var failure =
        assertThrows(
            AssertionFailedError.class,
            () ->
                Expectation.NOTHING_WRONG.verify(
                    () -> program(x -> () -> x.add(++shared), x -> () -> x.write(1))));

    assertTrue(
        failure.getMessage().startsWith("tasks share SharedStaticsTest.shared, written in"),
        failure::getMessage);
  }

  @Test
  void aCheckIsIncompleteByThem() {
    shared = 1; // so that no task does anything else when it is tried again
    Supplier<Program> sharing =
        () ->
            program(
                x ->
                    () -> {
                      shared = 1;
                      x.add(1);
                    },
                x -> () -> x.write(shared));

    var found = Check.run(sharing, Options.DEFAULT);
    var notLooked = Check.run(sharing, Options.DEFAULT.withoutLookingForStatics());
    var none =
        Check.run(() -> program(x -> () -> x.add(1), x -> () -> x.write(1)), Options.DEFAULT);

    assertEquals(
        "tasks share SharedStaticsTest.shared, written in SharedStaticsTest.lambda",
        found.incomplete().orElseThrow().split("\\$")[0]);
    assertTrue(notLooked.isComplete());
    assertTrue(none.isComplete());
  }

  private static List<String> names(List<SharedStatics.Shared> found) {
    return found.stream().map(SharedStatics.Shared::name).toList();
  }

  private static List<SharedStatics.Shared> shared(
      Function<Word, Runnable> one, Function<Word, Runnable> other) {
    return SharedStatics.of(() -> program(one, other));
  }

  private static Program program(
      Function<Word, Runnable> one, Function<Word, Runnable> other) {
    var program = new Program();
    var x = program.word("x", 0);
    program.task("A", Task.Kind.NORMAL, one.apply(x));
    program.task("B", Task.Kind.NORMAL, other.apply(x));
    return program;
  }

  private static long next() {
    return ++inHelper;
  }

  private static long twice(LongSupplier what) {
    return 2 * what.getAsLong();
  }

  private static class Ancestor {
    long more(long than) {
      inherited++;
      return than + inherited;
    }
  }

  private static final class Heir extends Ancestor {}

  private static final class Behind implements LongSupplier {
    @Override
    public long getAsLong() {
      return ++behindAnInterface;
    }
  }
}
