package shootdown.kernel.data;

/// What [Ground] hears of futexes. Each call is part of the step that does it.
public interface FutexGround {
  /// Hears nothing.
  FutexGround NOBODY = new FutexGround() {};

  /// A futex, and the word that it is.
  ///
  /// @param key what it is known by; never 0
  /// @param mm the caller's address space
  /// @param vpn the page there
  /// @param word the word of the page
  record At(long key, int mm, int vpn, int word) {}

  /// The thread found the word to be as expected, and is queued.
  default void queued(int tid, At futex) {}

  /// The thread waits for this futex now: it is moved there, or is about to be by a call that has
  /// woken another one.
  default void moved(int tid, long key) {}

  /// The thread is about to be moved from this futex to another: unless that was said before, it is
  /// nowhere until it is there.
  default void moves(int tid, long from) {}

  /// The thread waits no more: it is woken, or its time is over.
  default void left(int tid) {}

  /// A call begins to look whom to wake.
  default void wakeBegins(int tid, At futex) {}

  /// It has ended.
  ///
  /// @param room it was allowed to wake more than it did
  default void wakeEnds(Current me, At futex, boolean room) {}
}
