import shootdown.kernel.mmap.MovePtesFlush;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pte;

/// A fix of one's own for move_ptes(), to try at releases before 5d1904204c99: an entry that is
/// dirty as it is taken is flushed before either page-table lock is dropped.
public final class FlushDirtyEarly implements MovePtesFlush {
  @Override
  public boolean forces(Pte taken) {
    return VmPageProt.ptePresent(taken) && taken.dirty();
  }

  @Override
  public When when() {
    return When.BEFORE_BOTH_UNLOCKS;
  }

  @Override
  public boolean flushesAtEnd() {
    return true;
  }
}
