package shootdown.kernel.filemap;

import java.util.List;
import shootdown.kernel.data.FileData;
import shootdown.sched.Word;

/// A buffer of one word that a search knows.
public record WordBuffer(Word word) implements UserBuffer {
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
    word.write(words.isEmpty() ? 0 : words.getFirst());
    return bytes;
  }
}
