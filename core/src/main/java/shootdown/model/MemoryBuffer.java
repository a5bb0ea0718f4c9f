package shootdown.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.fault.UserMemory;
import shootdown.kernel.fault.UserResult;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.machine.Layout;

/// A buffer in memory. Words that pages do not have here are 0, and stay so; whether they can be
/// accessed is asked of their page.
///
/// @param address of its first byte
/// @param wordsPerPage words that pages have
record MemoryBuffer(UserMemory memory, Current me, long address, int wordsPerPage)
    implements UserBuffer {

  @Override
  public boolean isShiftedSource(long done, long bytes, FileData file, long at) {
    return isShifted(done, bytes, at, va -> memory.fileOffset(me, va, file));
  }

  /// A page of private memory is no longer the file's when something is copied to it.
  @Override
  public boolean isShiftedTarget(long done, long bytes, FileData file, long at) {
    return isShifted(done, bytes, at, va -> memory.sharedFileOffset(me, va, file));
  }

  /// Looks at the part of the buffer in each page.
  private boolean isShifted(
      long done, long bytes, long at, LongFunction<OptionalLong> fileOffset) {
    long first = address + done;
    if (bytes <= Layout.WORD_SIZE || (first - at) % Layout.PAGE_SIZE == 0) {
      return false;
    }
    long part;
    for (long va = first; va < first + bytes; va += part) {
      part = Math.min(page(va) + Layout.PAGE_SIZE, first + bytes) - va;
      var offset = fileOffset.apply(va);
      if (offset.isPresent()
          && offset.getAsLong() < at + bytes
          && at < offset.getAsLong() + part) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<Long> copyFrom(long done, int count) {
    return copy(done, count, this::load);
  }

  @Override
  public List<Long> copyFromInatomic(long done, int count) {
    return copy(done, count, at -> memory.loadInatomic(me, at));
  }

  private OptionalLong load(long at) {
    return memory.load(me, at) instanceof UserResult.Value(long value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  private List<Long> copy(long done, int count, LongFunction<OptionalLong> load) {
    var words = new ArrayList<Long>();
    long touched = -1;
    for (int i = 0; i < count; i++) {
      long at = address + done + (long) i * Layout.WORD_SIZE;
      var word =
          isModelled(at)
              ? load.apply(at)
              : touched == page(at) || load.apply(page(at)).isPresent()
                  ? OptionalLong.of(0)
                  : OptionalLong.empty();
      if (word.isEmpty()) {
        return words;
      }
      words.add(word.getAsLong());
      touched = page(at);
    }
    return words;
  }

  @Override
  public boolean faultInReadable(long done, long bytes) {
    long first = address + done;
    for (long at = first; at < first + bytes; at = page(at) + Layout.PAGE_SIZE) {
      if (load(page(at)).isEmpty()) {
        return at > first;
      }
    }
    return true;
  }

  @Override
  public long copyTo(long done, List<Long> words, long bytes) {
    long touched = -1;
    for (int i = 0; i < bytes / Layout.WORD_SIZE; i++) {
      long at = address + done + (long) i * Layout.WORD_SIZE;
      long value = i < words.size() ? words.get(i) : 0;
      boolean ok =
          value != 0 || isModelled(at)
              ? memory.store(me, at, value) instanceof UserResult.Value
              : touched == page(at)
                  || memory.update(me, page(at), same -> same) instanceof UserResult.Value;
      if (!ok) {
        return (long) i * Layout.WORD_SIZE;
      }
      touched = page(at);
    }
    memory.drainStores(me);
    return bytes;
  }

  private static long page(long at) {
    return at - Math.floorMod(at, (long) Layout.PAGE_SIZE);
  }

  private boolean isModelled(long at) {
    return at % Layout.PAGE_SIZE < (long) wordsPerPage * Layout.WORD_SIZE;
  }
}
