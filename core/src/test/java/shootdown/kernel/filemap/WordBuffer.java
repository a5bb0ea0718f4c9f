package shootdown.kernel.filemap;

import java.util.List;
import shootdown.sched.Word;

/// A buffer of one word that a search knows.
public record WordBuffer(Word word) implements UserBuffer {
  @Override
  public List<Long> copyFrom(long done, int count) {
    return List.of(word.read());
  }

  @Override
  public long copyTo(long done, List<Long> words, long bytes) {
    word.write(words.isEmpty() ? 0 : words.getFirst());
    return bytes;
  }
}
