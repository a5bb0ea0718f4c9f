package shootdown.litmus;

/// The constants that a man page lists for one argument.
public enum Family {
  /// PAGE, HPAGE, WORD.
  SIZE,
  /// NULL.
  POINTER,
  PROT,
  MAP,
  MREMAP,
  MSYNC,
  MADVISE,
  FADVISE,
  /// What futex() does: FUTEX_WAIT, FUTEX_WAKE, ...
  FUTEX_COMMAND,
  /// The bits of a PI futex: FUTEX_WAITERS, ...
  FUTEX_BITS,
  /// The first argument of FUTEX_OP().
  FUTEX_WAKE_OP,
  /// The third argument of FUTEX_OP().
  FUTEX_WAKE_CMP,
  SYNC_RANGE,
  /// PROC_SELF_MEM.
  PATH,
  OPEN,
  SPLICE,
  /// Flags of userfaultfd().
  UFFD,
  /// What a userfaultfd is asked for: UFFDIO_REGISTER, ...
  UFFD_REQUEST,
  /// How: UFFDIO_REGISTER_MODE_WP, ...
  UFFD_MODE,
  ERRNO,
  SIGNAL
}
