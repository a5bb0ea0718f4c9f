package shootdown.kernel.mmap;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pte;

/// What becomes, in a child, of the mark that userfaultfd has write-protected a page. No
/// userfaultfd watches the child's memory, unless it registers one itself: then it finds pages
/// protected that it has not protected.
///
/// ```text
/// release    | the mark goes
/// -----------+----------------------------------------------------------------------------
/// v5.7-rc1   | if the parent's VMA is not registered (b569a1760782); never, of other entries
/// v5.14-rc1  | if the child's VMA is not registered
/// ```
public enum ForkUffdWp implements Decision {
  BY_PARENT,
  /// 8f34f1eac382
  BY_CHILD;

  /// The child's entry, which was copied from one of the parent's.
  Pte copied(Pte entry, Vma parent) {
    boolean stays =
        this == BY_PARENT
            && (parent.has(Vma.VM_UFFD_WP) || !VmPageProt.ptePresent(entry));
    return stays ? entry : entry.without(Pte.UFFD_WP);
  }

  /// The decision in time.
  public static final History<ForkUffdWp> HISTORY =
      History.of(ForkUffdWp.class, BY_PARENT)
          .then(
              Fix.merged(
                  "8f34f1eac382",
                  "mm/userfaultfd: fix uffd-wp special cases for fork()",
                  "v5.14-rc1",
                  BY_CHILD));
}
