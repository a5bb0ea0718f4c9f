package shootdown.kernel.mmap;

import shootdown.kernel.data.Errno;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What MADV_POPULATE_READ and MADV_POPULATE_WRITE say where an access would be SIGBUS.
///
/// ```text
/// release   |
/// ----------+--------
/// v5.14-rc1 | -EINVAL
/// v5.14-rc6 | -EFAULT
/// ```
public enum PopulateErrno implements Decision {
  INVALID(Errno.EINVAL),
  /// eb2faa513c24
  FAULT(Errno.EFAULT);

  private final Errno errno;

  PopulateErrno(Errno errno) {
    this.errno = errno;
  }

  long result() {
    return errno.result();
  }

  /// The decision in time.
  public static final History<PopulateErrno> HISTORY =
      History.of(PopulateErrno.class, INVALID)
          .then(
              Fix.merged(
                  "eb2faa513c24",
                  "mm/madvise: report SIGBUS as -EFAULT for MADV_POPULATE_(READ|WRITE)",
                  "v5.14-rc6",
                  FAULT));
}
