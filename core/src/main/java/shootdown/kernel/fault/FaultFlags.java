package shootdown.kernel.fault;

/// What a fault wants: `FAULT_FLAG_WRITE` or nothing.
public enum FaultFlags {
  READ,
  WRITE;

  public boolean write() {
    return this == WRITE;
  }
}
