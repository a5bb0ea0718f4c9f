package shootdown.machine;

/// One access to user memory.
///
/// @param cpu the CPU that does it
/// @param space the address space that is loaded there
/// @param vpn virtual page, 0 …
/// @param word word in the page, 0 … 511
/// @param kind load, store, or read-modify-write
public record Access(int cpu, int space, int vpn, int word, Kind kind) {
  /// What an access needs.
  public enum Kind {
    LOAD,
    STORE,
    /// an atomic read-modify-write: needs what a store needs
    UPDATE;

    public boolean writes() {
      return this != LOAD;
    }
  }
}
