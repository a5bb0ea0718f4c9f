package shootdown.kernel.uffd;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What who wakes does about a fault that goes from the pending faults to those that are read just
/// then, and is in neither list. No release had userfaultfd without the fix.
public enum RefileSeq implements Decision {
  /// It sees none, and wakes nobody.
  IGNORED,
  /// 2c5b7e1be74f: a sequence count tells, and it looks again.
  COUNTED;

  /// The decision in time.
  public static final History<RefileSeq> HISTORY =
      History.of(RefileSeq.class, IGNORED)
          .then(
              Fix.merged(
                  "2c5b7e1be74f",
                  "userfaultfd: avoid missing wakeups during refile in userfaultfd_read",
                  "v4.3-rc1",
                  COUNTED));
}
