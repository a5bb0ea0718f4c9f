package shootdown.kernel.futex;

import shootdown.kernel.data.Errno;

/// What `get_futex_key()` finds.
sealed interface KeyLookup permits FutexKey, KeyLookup.None {
  /// There is none.
  record None(Errno errno) implements KeyLookup {}
}
