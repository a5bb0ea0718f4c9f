package shootdown.kernel.gup;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.fault.FaultFlags;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// `get_user_pages()`, the slow path, and `fixup_user_fault()`, for one page at a time. Both want
/// mmap_lock held.
public final class Gup {
  /// the page is wanted for writing
  public static final int FOLL_WRITE = 1;
  /// tell the folio that it was used
  public static final int FOLL_TOUCH = 1 << 1;
  /// take a reference
  public static final int FOLL_GET = 1 << 2;
  /// in no release: tell the PTE, too, that it was used; see [Gup#touch]
  public static final int FOLL_TOUCH_PTE = 1 << 3;

  private final KernelData data;
  private final Steps steps;
  private final MmFault faults;
  private final FixupRights fixupRights;

  public Gup(KernelData data, Decisions decisions, MmFault faults) {
    this.data = data;
    this.steps = data.steps();
    this.faults = faults;
    this.fixupRights = decisions.get(FixupRights.class);
  }

  /// Finds the page that is mapped at `vpn`, faulting it in until it can be followed.
  ///
  /// @param flags FOLL_*
  /// @return the frame number, or -EFAULT
  @Models(
      file = "mm/gup.c",
      function = "__get_user_pages",
      leavesOut = "more than one page; FOLL_FORCE; the gate page; signals; VM_FAULT_RETRY")
  public long getUserPages(Current me, Mm mm, int vpn, int flags) {
    return steps.call(
        "get_user_pages",
        () -> {
          var vma = mm.vmaAt(vpn);
          if (vma.isEmpty() || !vma.get().vma().has(wanted(flags))) {
            return Errno.EFAULT.result();
          }
          return steps.retry(
              "follow",
              () -> {
                var page = followPage(mm, vpn, flags);
                if (page.isPresent()) {
                  return Turn.done((long) page.get());
                }
                return faults.handleMmFault(me, mm, vma.get(), vpn, fault(flags)).isError()
                    ? Turn.done(Errno.EFAULT.result())
                    : Turn.again(true);
              });
        });
  }

  /// The page that the PTE maps now, if it may be used as `flags` say. To follow an old or a clean
  /// PTE is right: whether the hardware would let an access through is not asked.
  ///
  /// @return the frame number
  @Models(
      file = "mm/gup.c",
      function = "follow_page_pte",
      leavesOut = "huge pages; PROT_NONE entries; devmap and special entries; FOLL_PIN; unsharing")
  public Optional<Integer> followPage(Mm mm, int vpn, int flags) {
    return steps.call(
        "follow_page",
        () -> {
          var table = data.table(mm.number(), vpn);
          if (table.isEmpty()) {
            return Optional.empty();
          }
          table.get().ptl().lock();
          var page = follow(mm, table.get().pte(vpn), flags);
          table.get().ptl().unlock();
          return page;
        });
  }

  private Optional<Integer> follow(Mm mm, Ptep ptep, int flags) {
    var pte = ptep.get();
    if (!pte.present() || writes(flags) && !pte.writable()) {
      return Optional.empty();
    }
    var folio = data.folios().folio(pte.pfn());
    if ((flags & FOLL_GET) != 0) {
      folio.get();
    }
    if ((flags & FOLL_TOUCH) != 0) {
      // set_page_dirty() and mark_page_accessed(): two bits of one word, set as one
      folio.flags().set(writes(flags) ? Folio.DIRTY | Folio.REFERENCED : Folio.REFERENCED);
    }
    if ((flags & FOLL_TOUCH_PTE) != 0) {
      touch(mm, ptep, pte, flags);
    }
    return Optional.of(pte.pfn());
  }

  /// Sets the bits in the PTE as they are set in the folio. A plain store of a value that was read
  /// before: what the hardware or, as no TLB is flushed, a stale entry knows better is lost.
  private void touch(Mm mm, Ptep ptep, Pte pte, int flags) {
    steps.note(() -> "marks the PTE of page " + ptep.vpn() + " of mm" + mm.number());
    ptep.set(pte.with(writes(flags) ? Pte.YOUNG | Pte.DIRTY : Pte.YOUNG));
  }

  /// Does for a user address what a page fault there would have done, whatever the PTE looks like.
  ///
  /// @return 0 or -EFAULT
  @Models(
      file = "mm/gup.c",
      function = "fixup_user_fault",
      leavesOut = "VM_FAULT_RETRY; fault accounting; -ENOMEM and -EHWPOISON")
  public long fixupUserFault(Current me, Mm mm, int vpn, int flags) {
    return steps.call(
        "fixup_user_fault",
        () -> {
          var vma = mm.vmaAt(vpn);
          if (vma.isEmpty() || fixupRights.checked() && !vma.get().vma().has(wanted(flags))) {
            return Errno.EFAULT.result();
          }
          return faults.handleMmFault(me, mm, vma.get(), vpn, fault(flags)).isError()
              ? Errno.EFAULT.result()
              : 0L;
        });
  }

  private static long wanted(int flags) {
    return writes(flags) ? Vma.VM_WRITE : Vma.VM_READ;
  }

  private static FaultFlags fault(int flags) {
    return writes(flags) ? FaultFlags.WRITE : FaultFlags.READ;
  }

  static boolean writes(int flags) {
    return (flags & FOLL_WRITE) != 0;
  }
}
