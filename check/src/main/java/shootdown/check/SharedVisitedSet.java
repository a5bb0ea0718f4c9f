package shootdown.check;

import java.io.IOException;
import java.util.Arrays;

/// A set of fingerprints that several threads add to: many [VisitedSet]s, each under a lock of its
/// own, chosen by the upper bits. Each thread is told about each fingerprint whether it was first.
final class SharedVisitedSet implements Met {
  private static final int PART_BITS = 8;

  private final VisitedSet[] parts = new VisitedSet[1 << PART_BITS];

  SharedVisitedSet() {
    Arrays.setAll(parts, _ -> new VisitedSet());
  }

  /// Adds; tells whether it was new.
  ///
  /// @throws OutOfMemoryError if there is no room left
  boolean add(long fingerprint) {
    var part = parts[(int) (fingerprint >>> Long.SIZE - PART_BITS)];
    synchronized (part) {
      return part.add(fingerprint);
    }
  }

  @Override
  public void write(WholeFile.Out out) {
    for (var part : parts) {
      part.write(out);
    }
  }

  @Override
  public void read(WholeFile.In in) throws IOException {
    for (var part : parts) {
      part.read(in);
    }
  }

  long size() {
    long size = 0;
    for (var part : parts) {
      synchronized (part) {
        size += part.size();
      }
    }
    return size;
  }
}
