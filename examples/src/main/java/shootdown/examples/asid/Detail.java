package shootdown.examples.asid;

/// How finely the allocator's code is cut into steps.
public enum Detail {
  /// The specification's steps, one a label; and as there, variables of procedures keep their
  /// values until the procedure returns, and values that procedures returned are kept for ever. The
  /// counts of states are the specification's.
  TWIN,
  /// The specification's steps; nothing is kept that no step will read.
  LABELS,
  /// Every access to shared memory is a step, as in the kernel.
  ACCESSES
}
