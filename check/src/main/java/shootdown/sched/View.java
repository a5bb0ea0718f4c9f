package shootdown.sched;

/// Memory at one moment, to look at from outside of all tasks.
@FunctionalInterface
public interface View {
  /// The value of the word at `index`.
  long get(int index);

  default long get(Word word) {
    return get(word.index());
  }
}
