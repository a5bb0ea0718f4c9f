package shootdown.kernel.fault;

/// How a fault ended: `vm_fault_t`.
public enum VmFault {
  /// 0: the entry is there, or somebody else changed it meanwhile: try the access again
  DONE,
  /// VM_FAULT_WRITE: as DONE, and copy-on-write was broken
  WRITE,
  /// VM_FAULT_NOPAGE: as DONE; the page that was found went away, or the entry was taken
  NOPAGE,
  /// VM_FAULT_RETRY: nothing was done, as that needs mmap_lock
  RETRY,
  /// VM_FAULT_RETRY, too: the lock that the caller had was released meanwhile: try the access again
  UNLOCKED,
  /// VM_FAULT_SIGBUS: beyond the end of the file
  SIGBUS,
  /// VM_FAULT_SIGSEGV: nothing is mapped there, or the mapping forbids the access
  SIGSEGV;

  public boolean isError() {
    return this == SIGBUS;
  }
}
