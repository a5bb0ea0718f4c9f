package shootdown.check;

/// Counts different fingerprints: exactly up to a million, then by a sketch of 16 KiB
/// (HyperLogLog; Flajolet et al., 2007), within some 1 %.
final class DistinctStates {
  private static final int MAX_EXACT = 1_000_000;
  private static final int EVERY = 1 << 16;
  private static final int INDEX_BITS = 14;
  private static final int REGISTERS = 1 << INDEX_BITS;
  private static final double ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

  private VisitedSet exact = new VisitedSet();
  private boolean isExact = true;
  private int adds;
  private long lately;
  private final byte[] registers = new byte[REGISTERS];

  void add(long fingerprint) {
    int register = (int) (fingerprint >>> Long.SIZE - INDEX_BITS);
    int zeros = Long.numberOfLeadingZeros(fingerprint << INDEX_BITS | REGISTERS - 1L) + 1;
    registers[register] = (byte) Math.max(registers[register], zeros);
    if (isExact) {
      exact.add(fingerprint);
      if (exact.size() > MAX_EXACT) {
        isExact = false;
        lately = MAX_EXACT;
        exact = new VisitedSet();
      }
    }
    if ((++adds & EVERY - 1) == 0) {
      lately = count();
    }
  }

  /// What [#count] was lately, which costs nothing.
  long lately() {
    return isExact ? exact.size() : lately;
  }

  /// Whether [#count] is no estimate.
  boolean isExact() {
    return isExact;
  }

  long count() {
    if (isExact) {
      return exact.size();
    }
    double sum = 0;
    for (byte register : registers) {
      sum += Math.scalb(1.0, -register);
    }
    return Math.round(ALPHA * REGISTERS * REGISTERS / sum);
  }
}
