package shootdown.model;

import java.util.Arrays;
import java.util.Optional;

/// Signals that end a thread, with Linux's numbers.
enum Signal {
  SIGBUS(7),
  SIGKILL(9),
  SIGSEGV(11);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static String show(long value) {
    return Arrays.stream(values())
        .filter(s -> s.number == value)
        .map(Signal::name)
        .findFirst()
        .orElse(Long.toString(value));
  }

  static Optional<Long> read(String text) {
    return Arrays.stream(values())
        .filter(s -> s.name().equals(text))
        .map(s -> (long) s.number)
        .findFirst();
  }
}
