package shootdown.check;

/// The set of the fingerprints that a search has met.
interface Visited extends Met {
  /// Adds; tells whether it was new.
  ///
  /// @throws OutOfMemoryError if there is no room left
  boolean add(long fingerprint);
}
