package shootdown.kernel.vmalock;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which faults are handled with nothing but the lock of their VMA. The others come back
/// (VM_FAULT_RETRY) before they have changed anything, and take mmap_lock.
///
/// ```text
/// release  | VMA       | entry
/// ---------+-----------+-----------------------------------------
/// v6.4-rc1 | anonymous | any but those on swap or on their way; none where userfaultfd watches
/// v6.6-rc1 | anonymous | any (1235ccd05b6d; userfaultfd: 29a22b9e08d7)
/// v6.7-rc1 | any       | any (12214eba1992, and those before it)
/// ```
///
/// v6.6 handles some faults of files already: those of pages that are mapped.
public enum VmaLockFaults implements Decision {
  ANONYMOUS,
  SWAPPED,
  FILES;

  /// The decision in time.
  public static final History<VmaLockFaults> HISTORY =
      History.of(VmaLockFaults.class, ANONYMOUS)
          .then(
              Fix.merged(
                  "1235ccd05b6d",
                  "mm: handle swap page faults under per-VMA lock",
                  "v6.6-rc1",
                  SWAPPED))
          .then(
              Fix.merged(
                  "12214eba1992",
                  "mm: handle read faults under the VMA lock",
                  "v6.7-rc1",
                  FILES));

  /// Whether a fault there may be handled so. A private VMA without an anon_vma gets one with its
  /// first page of its own, and mmap_lock has to be held for that.
  boolean allows(Vma vma, boolean writes) {
    if (this == ANONYMOUS && vma.userfaultfdArmed()) {
      return false; // until 29a22b9e08d7, of the same series
    }
    return this == FILES
        ? !writes || vma.shared() || vma.has(Vma.VM_ANON_VMA)
        : vma.anonymous() && vma.has(Vma.VM_ANON_VMA);
  }

  /// Whether a fault at an entry that maps nothing, but stands for a page elsewhere, is.
  public boolean swapped() {
    return this != ANONYMOUS;
  }
}
