package shootdown.kernel.mmap;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What a shared mapping must allow for MADV_REMOVE.
public enum RemoveAccess implements Decision {
  /// That it is written.
  WRITE(Vma.VM_WRITE),
  /// That mprotect() makes it writable, as the file was opened for writing: e8e17ee90eaf.
  MAY_WRITE(Vma.VM_MAYWRITE);

  /// The decision in time: part of "MM updates for 6.7-rc1". Linux 6.18 was seen to do so.
  public static final History<RemoveAccess> HISTORY =
      History.of(RemoveAccess.class, WRITE)
          .then(
              Fix.merged(
                  "e8e17ee90eaf",
                  "mm: drop the assumption that VM_SHARED always implies writable",
                  "v6.7-rc1",
                  MAY_WRITE));

  private final long flag;

  RemoveAccess(long flag) {
    this.flag = flag;
  }

  boolean allows(Vma vma) {
    return vma.shared() && vma.has(flag);
  }
}
