package shootdown.examples.asid;

/// What is wrong with the allocator.
public enum Mistake {
  NONE,
  /// the fast path exchanges its active ASID whatever that is, as before commit a8ffaaa060b8
  /// ("arm64: asid: Do not replace active_asids if already 0"): after a roll-over on another CPU it
  /// may put an ASID of the old generation there
  XCHG,
  /// a roll-over does not keep the ASIDs that were reserved by the roll-over before it
  FORGETS_RESERVED,
  /// a roll-over does not have each CPU flush its TLB
  NO_FLUSH,
  /// TLB entries are shared between CPUs, and each flushes its own
  LOCAL_FLUSH
}
