package shootdown.host.worker;

/// Where a worker puts the mappings of the initial state: where the model puts them, and
/// [#OFFSET] higher.
public final class WorkerAddresses {
  /// In bytes; below are the worker's own code and data.
  public static final long OFFSET = 1L << 32;

  private static final long LENGTH = 1L << 30;

  private WorkerAddresses() {}

  /// The value that the model would have: an address without the offset; any other value as it is.
  public static long modelled(long value) {
    return value >= OFFSET && value < OFFSET + LENGTH ? value - OFFSET : value;
  }
}
