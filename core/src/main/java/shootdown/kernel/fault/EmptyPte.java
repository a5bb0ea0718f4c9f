package shootdown.kernel.fault;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.machine.Ptep;

/// The entry of a faulting address where none was: looked at again under its lock.
final class EmptyPte {
  private final KernelData data;
  private final PageWalk walk;

  EmptyPte(KernelData data, PageWalk walk) {
    this.data = data;
    this.walk = walk;
  }

  /// Lets `install` set the entry unless one is there by now, be it a PTE or a huge PMD entry;
  /// tells whether it did.
  boolean with(Vmf vmf, Consumer<Ptep> install) {
    return with(vmf, () -> true, install);
  }

  /// As [#with], if `still` holds, too, which is asked first.
  boolean with(Vmf vmf, BooleanSupplier still, Consumer<Ptep> install) {
    var found = data.pteAlloc(vmf.mm(), vmf.vpn());
    if (found.isEmpty() || !walk.lockUnderMmapLock(found.get(), vmf.vpn())) {
      return false;
    }
    var table = found.get();
    var ptep = table.pte(vmf.vpn());
    boolean may = still.getAsBoolean() && data.steps().recheck("pte_none", ptep::isNone);
    if (may) {
      install.accept(ptep);
    }
    table.ptl().unlock();
    return may;
  }
}
