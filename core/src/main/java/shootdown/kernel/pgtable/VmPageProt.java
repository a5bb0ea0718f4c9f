package shootdown.kernel.pgtable;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.machine.Pte;

/// The protection that a VMA gives its PTEs: `vm_page_prot`.
///
/// ```text
/// VMA                                  | PTE of vm_page_prot
/// -------------------------------------+---------------------------------------
/// no access                            | PROT_NONE: present for the kernel only
/// private, or not writable             | read-only (private and writable: COW)
/// shared, writable, file on disk       | read-only: the first write notifies
/// shared, writable, shared memory      | writable
/// ```
public final class VmPageProt {
  /// A software bit of an entry that the hardware takes for not present: it maps a page that
  /// nobody may access (`pte_protnone()`). Together with [Pte#NOT_PRESENT].
  public static final long PROT_NONE = 1 << 6;

  private static final long HIDDEN = PROT_NONE | Pte.NOT_PRESENT;

  private final KernelData data;

  public VmPageProt(KernelData data) {
    this.data = data;
  }

  /// `pte_present()`: the entry maps a page, though maybe one that nobody may access.
  public static boolean ptePresent(Pte pte) {
    return pte.present() || pte.has(PROT_NONE);
  }

  /// `vma_is_accessible()`.
  public static boolean isAccessible(Vma vma) {
    return vma.has(Vma.VM_READ | Vma.VM_WRITE);
  }

  /// Whether the first write to a clean page of the VMA must be noticed: dirty pages of the file
  /// are accounted.
  @Models(
      file = "mm/mmap.c",
      function = "vma_wants_writenotify",
      leavesOut = "soft-dirty, userfaultfd, PFN mappings")
  public boolean vmaWantsWritenotify(Vma vma) {
    return vma.shared() && vma.writable() && data.file(vma.file()).is(FileData.Kind.DISK);
  }

  /// `mk_pte(page, vma->vm_page_prot)`, young.
  public Pte mkPte(Folio folio, Vma vma) {
    return pteModify(Pte.of(folio.pfn(), Pte.YOUNG), vma);
  }

  /// `pte_modify(pte, vma->vm_page_prot)`: the same page, dirty and young bits, other rights.
  public Pte pteModify(Pte pte, Vma vma) {
    var bare = pte.without(HIDDEN | Pte.WRITABLE | Pte.PRESENT);
    if (!isAccessible(vma)) {
      return bare.with(HIDDEN);
    }
    boolean writable = vma.shared() && vma.writable() && !vmaWantsWritenotify(vma);
    return bare.with(writable ? Pte.PRESENT | Pte.WRITABLE : Pte.PRESENT);
  }

  /// `pte_modify(pte, PAGE_NONE)`: the same page, which nobody may access.
  public static Pte mkProtNone(Pte pte) {
    return pte.without(Pte.WRITABLE | Pte.PRESENT).with(HIDDEN);
  }

  /// `pte_protnone()`: mapped, with no rights.
  public static boolean isProtNone(Pte pte) {
    return !pte.present() && ptePresent(pte);
  }

  /// What becomes of an entry that [#isProtNone] at the access that it was to show: it has the
  /// VMA's rights again, and may be written where [#canChangePteWritable].
  public Pte numaRebuilt(Pte old, Vma vma) {
    var pte = pteModify(old, vma).with(Pte.YOUNG);
    return canChangePteWritable(pte, vma) ? pte.with(Pte.WRITABLE) : pte;
  }

  /// Whether a read-only entry of the VMA may become writable without a fault that notifies or
  /// copies.
  @Models(
      file = "mm/mprotect.c",
      function = "can_change_pte_writable",
      leavesOut = "soft-dirty")
  public boolean canChangePteWritable(Pte pte, Vma vma) {
    if (!vma.writable() || vma.has(Vma.VM_UFFD_WP) && pte.has(Pte.UFFD_WP)) {
      return false;
    }
    return vma.shared()
        ? pte.dirty() || !vmaWantsWritenotify(vma)
        : data.folios().vmNormalFolio(pte).filter(VmPageProt::isExclusive).isPresent();
  }

  private static boolean isExclusive(Folio page) {
    return page.isAnon() && page.pageFlags().test(Folio.ANON_EXCLUSIVE);
  }

  /// `maybe_mkwrite()`: writable if the VMA is.
  public static Pte maybeMkwrite(Pte pte, Vma vma) {
    return vma.writable() ? pte.with(Pte.WRITABLE) : pte;
  }
}
