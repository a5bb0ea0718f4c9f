package shootdown.kernel.data;

import java.util.Optional;

/// What a file descriptor of a test stands for.
///
/// ```text
/// descriptor = kind * 64 + number      kind: 0 file, 1 file with O_DIRECT, 2 memory, 3 pipe,
///                                            4 userfaultfd
/// ```
public sealed interface Descriptor {
  int NUMBERS = 64;

  /// A file.
  ///
  /// @param number of the file
  /// @param direct reads go past the page cache: `O_DIRECT`
  record OfFile(int number, boolean direct) implements Descriptor {}

  /// `/proc/self/mem`, opened by the process with this address space.
  record OfMemory(int mm) implements Descriptor {}

  /// Both ends of a pipe.
  record OfPipe(int number) implements Descriptor {}

  /// A userfaultfd of the process with this address space.
  record OfUserfaultfd(int mm) implements Descriptor {}

  /// What `fd` stands for; empty for a number that no descriptor has.
  static Optional<Descriptor> of(int fd) {
    int number = fd % NUMBERS;
    return switch (fd < 0 ? -1 : fd / NUMBERS) {
      case 0 -> Optional.of(new OfFile(number, false));
      case 1 -> Optional.of(new OfFile(number, true));
      case 2 -> Optional.of(new OfMemory(number));
      case 3 -> Optional.of(new OfPipe(number));
      case 4 -> Optional.of(new OfUserfaultfd(number));
      default -> Optional.empty();
    };
  }

  /// The number that stands for it.
  default int fd() {
    return switch (this) {
      case OfFile(int number, boolean direct) -> (direct ? NUMBERS : 0) + number;
      case OfMemory(int mm) -> 2 * NUMBERS + mm;
      case OfUserfaultfd(int mm) -> 4 * NUMBERS + mm;
      case OfPipe(int number) -> 3 * NUMBERS + number;
    };
  }
}
