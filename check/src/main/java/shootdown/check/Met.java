package shootdown.check;

import java.io.IOException;

/// The states that a search has met, as a [Checkpoint] keeps them.
interface Met {
  void write(WholeFile.Out out);

  /// Adds what was written, to a set that is empty.
  void read(WholeFile.In in) throws IOException;
}
