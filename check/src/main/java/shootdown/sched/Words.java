package shootdown.sched;

/// A run of adjacent words of the shared memory, as an array.
public final class Words {
  private final Steps steps;
  private final int base;
  private final int length;

  Words(Steps steps, int base, int length) {
    this.steps = steps;
    this.base = base;
    this.length = length;
  }

  /// The word at `i`, 0 … length-1.
  ///
  /// @throws IndexOutOfBoundsException outside of that range
  public Word at(int i) {
    return new Word(steps, base + java.util.Objects.checkIndex(i, length));
  }

  public int length() {
    return length;
  }
}
