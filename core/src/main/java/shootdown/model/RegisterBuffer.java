package shootdown.model;

import java.util.List;
import shootdown.kernel.data.FileData;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.sched.Word;

/// A register as a buffer of one word.
record RegisterBuffer(Word register) implements UserBuffer {
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
    return List.of(register.read());
  }

  @Override
  public long copyTo(long done, List<Long> words, long bytes) {
    register.write(words.isEmpty() ? 0 : words.getFirst());
    return bytes;
  }
}
