package shootdown.model.truth;

import shootdown.kernel.data.Pipe;
import shootdown.sched.Program;
import shootdown.sched.Words;

/// Pages in pipes: for each buffer, the oldest first, which frame it refers to, whose it was, and
/// which of its words another process has stored to since.
///
/// ```text
/// 15 … 0    frame + 1, 0 for none
/// 31 … 16   address space
/// 63 … 32   words that another process has stored to, a bit each (the last stands for all others)
/// ```
final class PipePins {
  private static final int SPACE = 16;
  private static final int WORDS = 32;
  private static final long FIELD = (1L << SPACE) - 1;

  private final Words buffers;

  PipePins(Program program, int pipes) {
    this.buffers =
        program.words(
            i -> "truth of pipe " + i, pipes * Pipe.BUFFERS, 0, Long::toHexString, false);
  }

  void spliced(int pipe, int pfn, int mm) {
    int i = pipe * Pipe.BUFFERS;
    while (!buffers.at(i).is(0)) {
      i++;
    }
    buffers.at(i).write(pfn + 1L | (long) mm << SPACE);
  }

  void unspliced(int pipe) {
    int first = pipe * Pipe.BUFFERS;
    for (int i = first; i < first + Pipe.BUFFERS - 1; i++) {
      buffers.at(i).write(buffers.at(i + 1).read());
    }
    buffers.at(first + Pipe.BUFFERS - 1).write(0);
  }

  /// A process stored to a private page.
  void stored(int pfn, int mm, int word) {
    for (int i = 0; i < buffers.length(); i++) {
      long buffer = buffers.at(i).read();
      if ((buffer & FIELD) == pfn + 1 && (buffer >>> SPACE & FIELD) != mm) {
        buffers.at(i).set(bit(word));
      }
    }
  }

  /// Whether what the pipe's first buffer holds was stored by another process since.
  boolean isForeign(int pipe, int word) {
    return buffers.at(pipe * Pipe.BUFFERS).test(bit(word));
  }

  private static long bit(int word) {
    return 1L << WORDS + Math.min(word, WORDS - 1);
  }
}
