package shootdown.kernel.pins;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether `/proc/self/mem` reads and writes what the rights of a mapping forbid (FOLL_FORCE).
///
/// | release | |
/// |---|---|
/// | v2.6.12 | yes |
/// | v4.12-rc1 | no: EIO |
/// | v4.12-rc4 | yes |
public enum MemForce implements Decision {
  FORCED,
  /// 8ee74a91ac30
  NOT_FORCED;

  /// The decision in time. A report of 30 May 2017 says that 4.12-rc refuses, which is also the day
  /// of the second commit; in which release candidate the first one came was not looked up.
  public static final History<MemForce> HISTORY =
      History.of(MemForce.class, FORCED)
          .then(
              Fix.merged(
                  "8ee74a91ac30",
                  "proc: try to remove use of FOLL_FORCE entirely",
                  "v4.12-rc1",
                  NOT_FORCED))
          .then(
              Fix.merged("f511c0b17b08", "\"Yes, people use FOLL_FORCE ;)\"", "v4.12-rc4", FORCED));
}
