package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// What a fault takes an entry for that gives no rights, in a mapping that has none: one that
/// forces its way, as a write to `/proc/self/mem`, comes there.
///
/// ```text
/// release   | such an entry
/// ----------+------------------------------------------------------------------------
/// v3.19     | is known from one of NUMA balancing, which has a bit of its own
/// v4.0-rc1  | looks like one of NUMA balancing: BUG in do_numa_page()
/// v4.9-rc1  | is one of NUMA balancing only where the mapping has rights
/// ```
public enum ProtNoneFault implements Decision {
  /// as if the mapping were asked
  TOLD_APART,
  /// 8a0516ed8b90
  MISTAKEN;

  /// Whether an entry that gives no rights is one of NUMA balancing.
  boolean isHint(Steps steps, Vmf vmf) {
    if (VmPageProt.isAccessible(vmf.vma())) {
      return true;
    }
    if (this == MISTAKEN) {
      throw steps.fail(
          new Violation("kernel bug", "do_numa_page() comes to a mapping that gives no rights"));
    }
    return false;
  }

  /// The decision in time. The hashes were looked up, the releases are from memory.
  public static final History<ProtNoneFault> HISTORY =
      History.of(ProtNoneFault.class, TOLD_APART)
          .then(
              Fix.merged(
                  "8a0516ed8b90",
                  "mm: convert p[te|md]_numa users to p[te|md]_protnone_numa",
                  "v4.0-rc1",
                  MISTAKEN))
          .then(
              Fix.merged(
                  "38e088546522",
                  "mm: check VMA flags to avoid invalid PROT_NONE NUMA balancing",
                  "v4.9-rc1",
                  TOLD_APART));
}
