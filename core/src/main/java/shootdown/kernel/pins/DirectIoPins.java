package shootdown.kernel.pins;

import shootdown.kernel.gup.Gup;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How direct I/O holds on to the pages of the user's buffer: by a reference like any other, or by
/// a pin, which fork() and copy-on-write can tell.
///
/// @param flag [Gup#FOLL_GET] or [Gup#FOLL_PIN]
public record DirectIoPins(int flag) implements Decision {
  public static final History<DirectIoPins> HISTORY =
      History.of(DirectIoPins.class, new DirectIoPins(Gup.FOLL_GET))
          .then(
              Fix.merged(
                  "1ccf164ec866",
                  "block: Use iov_iter_extract_pages() and page pinning in direct-io.c",
                  "v6.5-rc1",
                  new DirectIoPins(Gup.FOLL_PIN)));
}
