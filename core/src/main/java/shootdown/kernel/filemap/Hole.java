package shootdown.kernel.filemap;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;

/// A hole that is being made in shared memory, as faults there see it: `struct shmem_falloc`.
public final class Hole {
  /// The first page stands above so many bits, the page after the last in them.
  private static final int END_BITS = 32;

  private final FaultIntoHole faults;

  /// As the release has it.
  public Hole(Decisions decisions) {
    this.faults = decisions.get(FaultIntoHole.class);
  }

  /// Pages `from` … `to`-1 become a hole from now on. The caller holds i_rwsem: there is no other.
  void begins(FileData file, int from, int to) {
    if (faults == FaultIntoHole.WAIT) {
      file.hole().write((long) from << END_BITS | to);
    }
  }

  /// They are one.
  void ends(FileData file) {
    if (faults == FaultIntoHole.WAIT) {
      file.hole().write(0);
    }
  }

  /// Waits until no hole is made where page `index` is; tells whether it had to: then the fault
  /// begins anew.
  @Models(
      file = "mm/shmem.c",
      function = "shmem_fault",
      leavesOut = "dropping mmap_lock while it waits; a fault that finds no hole yet")
  public boolean waitFor(FileData file, int index) {
    if (!file.is(FileData.Kind.SHMEM) || !isIn(file.hole().read(), index)) {
      return false;
    }
    file.hole().await(0);
    return true;
  }

  private static boolean isIn(long hole, int index) {
    return index >= hole >>> END_BITS && index < (hole & (1L << END_BITS) - 1);
  }
}
