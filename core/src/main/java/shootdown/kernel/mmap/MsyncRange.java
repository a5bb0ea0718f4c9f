package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which part of a file msync(MS_SYNC) writes.
public enum MsyncRange implements Decision {
  WHOLE_FILE,
  /// 7fc34a62ca44: from the address on, taken for an offset, which no file reaches.
  FROM_ADDRESS,
  /// 496a8e68fdd0: what is mapped there.
  MAPPED;

  /// The decision in time.
  public static final History<MsyncRange> HISTORY =
      History.of(MsyncRange.class, WHOLE_FILE)
          .then(
              Fix.merged(
                  "7fc34a62ca44",
                  "mm/msync.c: sync only the requested range in msync()",
                  "v3.16-rc1",
                  FROM_ADDRESS))
          .then(
              Fix.merged(
                  "496a8e68fdd0",
                  "msync: fix incorrect fstart calculation",
                  "v3.16-rc4",
                  MAPPED));
}
