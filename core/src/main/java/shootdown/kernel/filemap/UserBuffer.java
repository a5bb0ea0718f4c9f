package shootdown.kernel.filemap;

import java.util.List;
import shootdown.kernel.data.FileData;

/// What a system call reads to, or writes from: memory of its caller, or a register, which never
/// faults.
public interface UserBuffer {
  /// Whether some of the bytes from `done` on may be among the `bytes` bytes of the file from `at`
  /// on, at another place: a copy from here to there would read what it has written. Only memory
  /// can be.
  default boolean isShiftedSource(long done, long bytes, FileData file, long at) {
    return false;
  }

  /// As [#isShiftedSource], for a copy from there to here.
  default boolean isShiftedTarget(long done, long bytes, FileData file, long at) {
    return false;
  }

  /// The words from byte `done` of the buffer on, at most `count`: those before the first that
  /// faults.
  List<Long> copyFrom(long done, int count);

  /// As [#copyFrom], with page faults disabled: those before the first that is not mapped just now.
  default List<Long> copyFromInatomic(long done, int count) {
    return copyFrom(done, count);
  }

  /// Maps the pages of `bytes` bytes, from byte `done` of the buffer on, up to the first that
  /// cannot be read; tells whether there was one before that.
  default boolean faultInReadable(long done, long bytes) {
    return !copyFrom(done, 1).isEmpty();
  }

  /// Puts `bytes` bytes to byte `done` of the buffer and on.
  ///
  /// @param words their contents; what it does not have is 0
  /// @return how many came there before the first that faults
  long copyTo(long done, List<Long> words, long bytes);
}
