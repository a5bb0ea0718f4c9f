package shootdown.kernel.gup;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether fork() and pins that are taken without locks know of each other. fork() looks whether a
/// page is pinned and then makes its entry read-only; a pin that comes in between finds the entry
/// as it was. With `mm->write_protect_seq`, which is odd while fork() is at it, the pin is given
/// back and taken with locks.
///
/// @param checked see there
public record WriteProtectSeq(boolean checked) implements Decision {
  public static final History<WriteProtectSeq> HISTORY =
      History.of(WriteProtectSeq.class, new WriteProtectSeq(false))
          .then(
              Fix.merged(
                  "57efa1fe5957",
                  "mm/gup: prevent gup_fast from racing with COW during fork",
                  "v5.11-rc1",
                  new WriteProtectSeq(true)));

  static boolean isOdd(long seq) {
    return (seq & 1) != 0;
  }
}
