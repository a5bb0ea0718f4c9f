package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What a fault does where a hole is being made in shared memory. The task that makes it holds
/// nothing that keeps faults away, and goes on until it finds no page there.
public enum FaultIntoHole implements Decision {
  /// It brings a page in again.
  FILL,
  /// f00cdc6df7d7: it waits. At first for i_mutex, which a write() that faults may have already;
  /// since 8e205f779d14 ("shmem: fix faulting into a hole, not taking i_mutex") for the end of that
  /// hole alone, as here.
  WAIT;

  /// The decision in time. On linux-mm it is part of "current git" after v3.16-rc2, and of
  /// v3.16-rc4.
  public static final History<FaultIntoHole> HISTORY =
      History.of(FaultIntoHole.class, FILL)
          .then(
              Fix.merged(
                  "f00cdc6df7d7",
                  "shmem: fix faulting into a hole while it's punched",
                  "v3.16-rc3",
                  WAIT));
}
