package shootdown.kernel.filemap;

import java.util.List;
import shootdown.kernel.data.FileData;
import shootdown.sched.Word;

/// A buffer of one word, and how many words came into it: words of the program both, as a search
/// wants them.
record CountingBuffer(Word word, Word copied) implements UserBuffer {
  @Override
  public boolean isShiftedSource(long done, long bytes, FileData file, long at) {
    return false;
  }

  @Override
  public boolean isShiftedTarget(long done, long bytes, FileData file, long at) {
    return false;
  }

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
