package shootdown.kernel.filemap;

import java.util.List;
import shootdown.sched.Word;

/// A buffer of one word, and how many words came into it: words of the program both, as a search
/// wants them.
record CountingBuffer(Word word, Word copied) implements UserBuffer {
  @Override
  public List<Long> copyFrom(long done, int count) {
    return List.of(word.read());
  }

  @Override
  public long copyTo(long done, List<Long> words, long bytes) {
    if (!words.isEmpty()) {
      word.write(words.getFirst());
      copied.add(words.size());
    }
    return bytes;
  }
}
