package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When a read looks how long the file is. A page that is read as the file shrinks holds zeroes.
///
/// | release | |
/// |---|---|
/// | v2.6.22 | before it looks for a page; once more after it has read one itself |
/// | v2.6.23 | once the page is there, whoever has read it: a32ea1e1f925 |
public enum ReadSize implements Decision {
  BEFORE_PAGE,
  AFTER_PAGE;

  /// The decision in time.
  public static final History<ReadSize> HISTORY =
      History.of(ReadSize.class, BEFORE_PAGE)
          .then(
              Fix.merged("a32ea1e1f925", "Fix read/truncate race", "v2.6.23-rc1", AFTER_PAGE));
}
