package shootdown.model;

import java.util.List;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.sched.Word;

/// A register as a buffer of one word.
record RegisterBuffer(Word register) implements UserBuffer {
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
