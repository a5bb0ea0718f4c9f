package shootdown.sched;

import java.util.function.IntFunction;
import java.util.function.LongFunction;

/// A run of words that were declared together.
///
/// @param base index of the first
/// @param length how many
/// @param name of the word at an offset
/// @param show its value as a reader of traces wants it; null-free
/// @param traced whether traces show changes of these words
public record Region(
    int base, int length, IntFunction<String> name, LongFunction<String> show, boolean traced) {
  boolean contains(int word) {
    return word >= base && word < base + length;
  }
}
