package shootdown.kernel.filemap;

import java.util.ArrayList;
import java.util.List;

/// A buffer that is a list of words, for code that runs once: a search does not know that it is
/// there.
public final class ListBuffer implements UserBuffer {
  private final List<Long> words;

  public ListBuffer(Long... words) {
    this.words = new ArrayList<>(List.of(words));
  }

  public List<Long> words() {
    return words;
  }

  public long bytes() {
    return 8L * words.size();
  }

  @Override
  public List<Long> copyFrom(long done, int count) {
    return words.subList((int) done / 8, (int) done / 8 + count);
  }

  @Override
  public long copyTo(long done, List<Long> more, long bytes) {
    words.addAll(more);
    return bytes;
  }
}
