package shootdown.kernel.gup;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a reference to a page of a private mapping is taken as if for writing, even if it is for
/// reading only: then it is to the taker's own copy, which no other process will write to.
///
/// @param always see there
public record ReadBreaksCow(boolean always) implements Decision {
  public static final History<ReadBreaksCow> HISTORY =
      History.of(ReadBreaksCow.class, new ReadBreaksCow(false))
          .then(
              Fix.merged(
                  "17839856fd58",
                  "gup: document and work around \"COW can break either way\" issue",
                  "v5.8-rc1",
                  new ReadBreaksCow(true)))
          .then(
              Fix.merged(
                  "a308c71bf1e6",
                  "mm/gup: Remove enfornced COW mechanism",
                  "v5.9-rc4",
                  new ReadBreaksCow(false)));

  /// The flags that the look for the page goes by: `should_force_cow_break()`.
  int flags(Vma vma, int flags) {
    return always && Gup.isCowMapping(vma) && Gup.grabs(flags) ? flags | Gup.FOLL_WRITE : flags;
  }

  /// The flags that the look without locks goes by, which knows no VMA.
  int fastFlags(int flags) {
    return always ? flags | Gup.FOLL_WRITE : flags;
  }
}
