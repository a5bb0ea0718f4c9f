package shootdown.check;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What is run of a slow suite: with `-Dsoundness.part=3/20` the third of twenty parts, each of
/// which takes every twentieth thing; else all. So a suite can be run in pieces, and tells how far
/// it is.
///
/// @param number from 1
/// @param count how many parts there are
record Part(int number, int count) {
  private static final String PROPERTY = "soundness.part";

  /// How often a suite tells how far it is.
  private static final int EVERY = 1_000;

  Part {
    if (number < 1 || number > count) {
      throw new IllegalArgumentException("part " + number + " of " + count);
    }
  }

  /// The one that was asked for.
  static Part chosen() {
    return of(System.getProperty(PROPERTY, "1/1"));
  }

  static Part of(String text) {
    var numbers = text.split("/", -1);
    if (numbers.length != 2) {
      throw new IllegalArgumentException(PROPERTY + "=" + text + ": expected 3/20, for example");
    }
    return new Part(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
  }

  /// Those of `all` that are in this part.
  ///
  /// @param all in their order, one after another
  <T> Stream<T> of(Stream<T> all) {
    var index = new AtomicLong();
    return all.filter(_ -> index.getAndIncrement() % count == number - 1);
  }

  /// At least so many of `all` must be in this part.
  long least(long all) {
    return all / count - 1;
  }

  /// Does something with those of `all` that are in this part, and tells how far it is.
  ///
  /// @return how many they were
  <T> long each(String what, Stream<T> all, Consumer<? super T> check) {
    var done = new AtomicLong();
    of(all)
        .forEach(
            one -> {
              check.accept(one);
              if (done.incrementAndGet() % EVERY == 0) {
                tell(done + " of " + what + " so far");
              }
            });
    tell("all " + done + " of " + what);
    return done.get();
  }

  /// Says how far a suite is, and what it took until now.
  void tell(String progress) {
    long cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toSeconds();
    System.out.println(
        "part " + number + "/" + count + ": " + progress + ", " + cpu + " CPU seconds");
  }
}
