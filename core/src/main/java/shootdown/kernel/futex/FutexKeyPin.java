package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// For what `get_futex_key()` pins the page whose mapping is the key. A private page that is pinned
/// for reading may not be the process's own yet.
///
/// ```text
/// release     | pinned for                       | the zero page  | a private file's page
/// ------------+----------------------------------+----------------+----------------------------
/// v2.6.29     | reading                          | as below       | as below
/// v2.6.32     | what the operation does to it    | is tried again | is the file's: another key
///             |                                  | for ever       | than after the first store
/// v2.6.33-rc5 | writing                          | is never met   | is a copy
/// v3.1-rc1    | writing, or if that is forbidden | EFAULT         | likewise
///             | and nothing is written, reading  |                |
/// ```
public enum FutexKeyPin implements Decision {
  READ,
  /// 64d1304a6447
  AS_USED,
  /// 7485d0d3758e
  WRITE,
  /// 9ea71503a8ed
  WRITE_OR_READ;

  /// The decision in time. That the first change came in 2.6.33 is what 9ea71503a8ed says.
  public static final History<FutexKeyPin> HISTORY =
      History.of(FutexKeyPin.class, READ)
          .then(
              Fix.merged(
                  "64d1304a6447",
                  "futex: setup writeable mapping for futex ops which modify user space data",
                  "v2.6.30-rc7",
                  AS_USED))
          .then(
              Fix.merged(
                  "7485d0d3758e",
                  "futexes: Remove rw parameter from get_futex_key()",
                  "v2.6.33-rc5",
                  WRITE))
          .then(
              Fix.merged(
                  "9ea71503a8ed",
                  "futex: Fix regression with read only mappings",
                  "v3.1-rc1",
                  WRITE_OR_READ));

  /// Whether the page is pinned for reading at first.
  boolean forReading(FutexKeys.Access access) {
    return this == READ || this == AS_USED && access == FutexKeys.Access.READ;
  }

  /// Whether a page that belongs to nothing ends the search.
  boolean givesUp() {
    return this == WRITE || this == WRITE_OR_READ;
  }
}
