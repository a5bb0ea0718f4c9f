package shootdown.model.truth;

/// What a virtual page stands for, as a value packed into one word.
///
/// @param location what is mapped there, [Locations#NONE] for nothing
/// @param last what was mapped there before
/// @param base the page of a file that a private mapping shows until it is written; else NONE
/// @param readable a load is allowed
/// @param writable a store is allowed
/// @param isPrivate stores must not reach the file
/// @param state what a system call in flight is doing, of those that only one task does at a time
/// @param discards how many that discard the page are in flight: any value is right meanwhile. They
///     are counted beside the state, since mprotect() and munmap() begin, and wait for the lock of
///     the VMA, while madvise() holds that lock alone
record Place(
    int location,
    int last,
    int base,
    boolean readable,
    boolean writable,
    boolean isPrivate,
    State state,
    int discards) {
  /// What a system call in flight does to a page, but for discarding it.
  enum State {
    /// nothing: what is said here must hold
    STABLE,
    /// the mapping goes away: the location may be reached, or not any more
    LEAVING,
    /// the mapping comes: the location may be reached, or not yet
    ARRIVING,
    /// its rights change: both the old and the new are right
    CHANGING
  }

  static final Place NOWHERE = new Place(0, 0, 0, false, false, false, State.STABLE, 0);

  private static final int BITS = 16;
  private static final int STATE_BITS = 4;
  private static final long FIELD = (1L << BITS) - 1;

  static Place unpack(long word) {
    return new Place(
        (int) (word & FIELD),
        (int) (word >>> BITS & FIELD),
        (int) (word >>> 2 * BITS & FIELD),
        (word >>> 3 * BITS & 1) != 0,
        (word >>> 3 * BITS + 1 & 1) != 0,
        (word >>> 3 * BITS + 2 & 1) != 0,
        State.values()[(int) (word >>> 3 * BITS + 3 & (1 << STATE_BITS) - 1)],
        (int) (word >>> 3 * BITS + 3 + STATE_BITS));
  }

  long pack() {
    return location
        | (long) last << BITS
        | (long) base << 2 * BITS
        | bit(readable, 0)
        | bit(writable, 1)
        | bit(isPrivate, 2)
        | (long) state.ordinal() << 3 * BITS + 3
        | (long) discards << 3 * BITS + 3 + STATE_BITS;
  }

  private static long bit(boolean set, int at) {
    return set ? 1L << 3 * BITS + at : 0;
  }

  /// Whether a load and a store are right only as the rights say.
  boolean stable() {
    return state == State.STABLE;
  }

  boolean isDiscarded() {
    return discards > 0;
  }

  /// Whether its contents matter to the process from now on.
  boolean isKept() {
    return state != State.LEAVING && !isDiscarded();
  }

  Place in(State newState) {
    return new Place(location, last, base, readable, writable, isPrivate, newState, discards);
  }

  Place at(int newLocation) {
    return new Place(
        newLocation, last, base, readable, writable, isPrivate, state, discards);
  }

  /// This place with one more system call that discards it, or one less.
  Place discarding(int more) {
    return new Place(
        location, last, base, readable, writable, isPrivate, state, discards + more);
  }

  Place withRights(boolean newReadable, boolean newWritable) {
    return new Place(
        location, last, base, newReadable, newWritable, isPrivate, state, discards);
  }

  /// This mapping as it arrives where `there` was.
  Place movedOver(Place there) {
    return new Place(
        location, there.last, base, readable, writable, isPrivate, State.ARRIVING, 0);
  }

  /// The place after the mapping is gone.
  Place gone() {
    return new Place(
        Locations.NONE, location, Locations.NONE, false, false, false, State.STABLE, 0);
  }
}
