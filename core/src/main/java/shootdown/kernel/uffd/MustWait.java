package shootdown.kernel.uffd;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a fault that has come into the list looks once more if it has to wait: the page may have
/// been filled since. No release had userfaultfd without the look.
public enum MustWait implements Decision {
  /// A handler that fills pages on its own has to wake for each fault that it reads.
  ALWAYS,
  /// 8d2afd96c203
  LOOKS;

  /// The decision in time.
  public static final History<MustWait> HISTORY =
      History.of(MustWait.class, ALWAYS)
          .then(
              Fix.merged(
                  "8d2afd96c203",
                  "userfaultfd: solve the race between UFFDIO_COPY|ZEROPAGE and read",
                  "v4.3-rc1",
                  LOOKS));
}
