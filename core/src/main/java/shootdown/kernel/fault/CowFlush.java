package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// When a write to a shared private page takes the old page out of the TLBs: `ptep_establish()` set
/// the new entry and flushed then, so that for a while one CPU wrote to the copy and another read
/// the old page. powerpc and s390 always cleared the entry, and flushed, before.
public enum CowFlush implements Decision {
  AFTER_NEW,
  /// 4ce072f1faf2
  BEFORE_NEW;

  /// The decision in time.
  public static final History<CowFlush> HISTORY =
      History.of(CowFlush.class, AFTER_NEW)
          .then(
              Fix.merged(
                  "4ce072f1faf2",
                  "[PATCH] mm: fix a race condition under SMC + COW",
                  "v2.6.19-rc1",
                  BEFORE_NEW));

  boolean flushesAfter(MachineProfile machine) {
    return this == AFTER_NEW
        && !machine.port().equals("ppc44x")
        && !machine.port().equals("s390");
  }
}
