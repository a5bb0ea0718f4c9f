package shootdown.kernel.fault;

import shootdown.kernel.data.Mm;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What a fault does in an address space whose private memory the OOM reaper takes away. Threads do
/// not come back to user mode, but system calls of theirs may still read that memory.
public enum ReapedFault implements Decision {
  /// It maps a page, of zeroes or of the file: not what was there.
  MAPS,
  /// 6b31d5955cb2: it fails.
  FAILS;

  /// `check_stable_address_space()`: whether a page may be mapped.
  boolean mayMap(Mm mm) {
    return this == MAPS || mm.unstable().is(0);
  }

  /// The decision in time. The patch was still discussed on 11 August 2017, two days before
  /// v4.13-rc5.
  public static final History<ReapedFault> HISTORY =
      History.of(ReapedFault.class, MAPS)
          .then(
              Fix.merged(
                  "6b31d5955cb2",
                  "mm, oom: fix potential data corruption when oom_reaper races with writer",
                  "v4.13-rc6",
                  FAILS));
}
