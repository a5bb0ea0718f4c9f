package shootdown.kernel.fault;

/// What a fault wants, `FAULT_FLAG_WRITE` or nothing, and whether it may be handled with its lock
/// released and be tried again, `FAULT_FLAG_ALLOW_RETRY`: those of user code may. What the kernel
/// faults in for itself does not wait for a userfaultfd, which is a stated limit.
public enum FaultFlags {
  READ,
  WRITE,
  USER_READ,
  USER_WRITE;

  public boolean write() {
    return this == WRITE || this == USER_WRITE;
  }

  /// Whether it is user code's.
  public boolean isUser() {
    return this == USER_READ || this == USER_WRITE;
  }
}
