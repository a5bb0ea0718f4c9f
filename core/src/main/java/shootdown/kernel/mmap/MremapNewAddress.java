package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether mremap() looks at `new_address` where no flag says that it is one: programs may leave
/// anything there.
public enum MremapNewAddress implements Decision {
  WITH_FLAG,
  /// 3215eaceca87
  ALWAYS;

  /// The decision in time.
  public static final History<MremapNewAddress> HISTORY =
      History.of(MremapNewAddress.class, WITH_FLAG)
          .then(
              Fix.merged(
                  "3215eaceca87",
                  "mm/mremap: refactor initial parameter sanity checks",
                  "v6.17-rc1",
                  ALWAYS))
          .then(
              Fix.merged(
                  "78d2d32f0b78",
                  "mm/mremap: fix regression in vrm->new_addr check",
                  "v6.17-rc6",
                  WITH_FLAG));
}
