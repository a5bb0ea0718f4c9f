package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether faults make huge pages of shared memory, where a VMA asks for them.
public enum ShmemHuge implements Decision {
  NEVER,
  /// 800d8c63b2e9: `shmem_enabled` = `advise`
  ADVISE;

  /// The decision in time.
  public static final History<ShmemHuge> HISTORY =
      History.of(ShmemHuge.class, NEVER)
          .then(
              Fix.merged(
                  "800d8c63b2e9", "shmem: add huge pages support", "v4.8-rc1", ADVISE));
}
