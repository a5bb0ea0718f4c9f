package shootdown.litmus;

/// The constants that a man page lists for one argument.
public enum Family {
  SIZE("a size"),
  POINTER("NULL"),
  PROT("PROT_*"),
  MAP("MAP_*"),
  MREMAP("MREMAP_*"),
  MSYNC("MS_*"),
  MADVISE("MADV_*"),
  FADVISE("POSIX_FADV_*"),
  FUTEX_COMMAND("a futex operation (FUTEX_WAIT, FUTEX_WAKE, ...)"),
  FUTEX_BITS("the bits of a PI futex (FUTEX_WAITERS, ...)"),
  FUTEX_WAKE_OP("FUTEX_OP_SET, _ADD, _OR, _ANDN, _XOR"),
  FUTEX_WAKE_CMP("FUTEX_OP_CMP_*"),
  SYNC_RANGE("SYNC_FILE_RANGE_*"),
  ERRNO("an error number"),
  SIGNAL("a signal (SIGSEGV, SIGBUS, ...)");

  private final String label;

  Family(String label) {
    this.label = label;
  }

  /// As a message names it.
  String label() {
    return label;
  }
}
