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

  /// Puts `bytes` bytes to byte `done` of the buffer and on.
  ///
  /// @param words their contents; what it does not have is 0
  /// @return how many came there before the first that faults
  long copyTo(long done, List<Long> words, long bytes);
}
