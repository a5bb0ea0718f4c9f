package shootdown.kernel.mmap;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which VMAs' entries fork() copies. What it does not copy the child faults in.
public interface ForkCopy extends Decision {
  /// Whether the entries of the VMA are copied.
  boolean copies(Vma vma);

  /// Every VMA's.
  ForkCopy ALL = _ -> true;

  /// d992895ba2b2: only where a fault could not make the entry again: a private page may be there.
  ForkCopy ONLY_WITH_ANON_VMA = vma -> vma.has(Vma.VM_ANON_VMA);

  History<ForkCopy> HISTORY =
      History.of(ForkCopy.class, ALL)
          .then(
              Fix.merged(
                  "d992895ba2b2",
                  "[PATCH] Lazy page table copies in fork()",
                  "v2.6.14-rc1",
                  ONLY_WITH_ANON_VMA));
}
