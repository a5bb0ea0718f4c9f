package shootdown.kernel.data;

/// Error numbers as on x86-64; a system call that fails returns minus [#number].
public enum Errno {
  EPERM(1),
  ENOENT(2),
  ESRCH(3),
  EINTR(4),
  EIO(5),
  EBADF(9),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EFAULT(14),
  EBUSY(16),
  EEXIST(17),
  ENODEV(19),
  EINVAL(22),
  EFBIG(27),
  EDEADLK(35),
  ENOSYS(38),
  EOVERFLOW(75),
  EOPNOTSUPP(95),
  ETIMEDOUT(110);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /// What a system call returns.
  public long result() {
    return -number;
  }
}
