package shootdown.kernel.gup;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.fault.FaultFlags;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.fault.VmFault;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
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
  /// write to private mappings that are not writable, read from those that are not readable
  public static final int FOLL_FORCE = 1 << 4;
  /// take a reference that says: the contents are accessed through it
  public static final int FOLL_PIN = 1 << 5;
  /// a fault has broken copy-on-write; see [ForcedWrite]
  static final int FOLL_COW = 1 << 6;
  /// in no release: the caller will write through the reference, and tell the ground
  public static final int FOLL_NOTED = 1 << 7;

  private final KernelData data;
  private final Steps steps;
  private final MmFault faults;
  private final PageWalk walk;
  private final FixupRights fixupRights;
  private final ForcedWrite forcedWrite;
  private final ReadBreaksCow readBreaksCow;
  private final FollowHugePmd followHugePmd;

  public Gup(KernelData data, Decisions decisions, MmFault faults) {
    this.data = data;
    this.steps = data.steps();
    this.faults = faults;
    this.walk = new PageWalk(data, decisions);
    this.fixupRights = decisions.get(FixupRights.class);
    this.forcedWrite = decisions.get(ForcedWrite.class);
    this.readBreaksCow = decisions.get(ReadBreaksCow.class);
    this.followHugePmd = new FollowHugePmd(data, forcedWrite, decisions.get(TouchPmd.class));
  }

  /// Finds the page that is mapped at `vpn`, faulting it in until it can be followed.
  ///
  /// @param flags FOLL_*
  /// @return the frame number, or -EFAULT
  @Models(
      file = "mm/gup.c",
      function = "__get_user_pages",
      leavesOut = "more than one page; the gate page; signals; VM_FAULT_RETRY")
  public long getUserPages(Current me, Mm mm, int vpn, int flags) {
    return steps.call(
        "get_user_pages",
        () -> {
          setHasPinned(mm, flags);
          var vma = mm.vmaAt(vpn);
          if (vma.isEmpty() || !checkVmaFlags(vma.get().vma(), flags)) {
            return Errno.EFAULT.result();
          }
          return steps.loop(
              "follow",
              readBreaksCow.flags(vma.get().vma(), flags),
              now -> {
                var page = followPage(mm, vma.get().vma(), vpn, now);
                return page.isPresent()
                    ? Turn.done((long) page.get())
                    : faultinPage(me, mm, vma.get(), vpn, now);
              });
        });
  }

  /// Whether the VMA lets the page be used so.
  @Models(
      file = "mm/gup.c",
      function = "check_vma_flags",
      leavesOut = "PFN mappings, secret memory, protection keys")
  private static boolean checkVmaFlags(Vma vma, int flags) {
    return vma.has(wanted(flags))
        || (flags & FOLL_FORCE) != 0 && (!writes(flags) || isCowMapping(vma));
  }

  @Models(file = "include/linux/mm.h", function = "is_cow_mapping")
  static boolean isCowMapping(Vma vma) {
    return !vma.shared() && vma.has(Vma.VM_MAYWRITE);
  }

  @Models(
      file = "mm/gup.c",
      function = "faultin_page",
      leavesOut = "unsharing for reads with FOLL_PIN, which no system call here takes")
  private Turn<Integer, Long> faultinPage(
      Current me, Mm mm, VmaSlot vma, int vpn, int flags) {
    var ended = faults.handleMmFault(me, mm, vma, vpn, fault(flags));
    if (ended.isError()) {
      return Turn.done(Errno.EFAULT.result());
    }
    if (ended != VmFault.WRITE) {
      return Turn.again(flags);
    }
    return Turn.again(
        vma.vma().writable()
            ? forcedWrite.afterPlainCow(flags)
            : forcedWrite.afterCow(flags));
  }

  /// The page that the PTE maps now, if it may be used as `flags` say. To follow an old or a clean
  /// PTE is right: whether the hardware would let an access through is not asked.
  ///
  /// @return the frame number
  @Models(
      file = "mm/gup.c",
      function = "follow_page_pte",
      leavesOut = "PROT_NONE entries but for FOLL_FORCE; devmap and special entries but for the"
          + " zero page, whose PG_referenced nobody reads")
  private Optional<Integer> followPage(Mm mm, Vma vma, int vpn, int flags) {
    return steps.call(
        "follow_page",
        () -> {
          if (data.isHuge(mm.number(), vpn)) {
            return followHugePmd.follow(mm, vma, vpn, flags, folio -> grab(mm, vpn, folio, flags));
          }
          var table = walk.pteOffsetMapLockUnderMmapLock(mm.number(), vpn);
          if (table.isEmpty()) {
            return Optional.empty();
          }
          var page = follow(mm, vma, table.get().pte(vpn), flags);
          table.get().ptl().unlock();
          return page;
        });
  }

  private Optional<Integer> follow(Mm mm, Vma vma, Ptep ptep, int flags) {
    var mapped = steps.scope(() -> mapped(vma, ptep.get(), flags));
    if (mapped.isEmpty()) {
      return Optional.empty();
    }
    var folio = mapped.get().folio();
    if (grabs(flags)) {
      grab(mm, ptep.vpn(), folio, flags);
    }
    if ((flags & FOLL_TOUCH) != 0 && !data.folios().isZero(folio.pfn())) {
      // set_page_dirty() and mark_page_accessed(): two bits of one word, set as one
      folio.flags().set(writes(flags) ? Folio.DIRTY | Folio.REFERENCED : Folio.REFERENCED);
    }
    mapped.get().touched().ifPresent(pte -> touch(mm, ptep, pte, flags));
    return Optional.of(folio.pfn());
  }

  /// @param folio the page
  /// @param touched the PTE, where it is to be written again
  private record Mapped(Folio folio, Optional<Pte> touched) {}

  private Optional<Mapped> mapped(Vma vma, Pte pte, int flags) {
    boolean there = (flags & FOLL_FORCE) != 0 ? VmPageProt.ptePresent(pte) : pte.present();
    if (!there) {
      return Optional.empty();
    }
    var folio = data.folios().folio(pte.pfn());
    if (writes(flags)
        && !pte.writable()
        && !forcedWrite.mayFollow(pte, folio, vma, flags)) {
      return Optional.empty();
    }
    boolean touches = (flags & FOLL_TOUCH_PTE) != 0;
    return Optional.of(new Mapped(folio, touches ? Optional.of(pte) : Optional.empty()));
  }

  /// Takes the reference, and tells the ground if the caller will write through it.
  @Models(file = "mm/gup.c", function = "try_grab_folio", leavesOut = "device memory, overflow")
  private void grab(Mm mm, int vpn, Folio folio, int flags) {
    long references = references(flags);
    if ((flags & FOLL_NOTED) == 0) {
      folio.refcount().add(references);
      return;
    }
    steps.atomic(
        "try_grab_folio",
        () -> {
          folio.refcount().add(references);
          data.ground().pinned(folio.pfn(), mm.number(), vpn);
        });
  }

  /// Says that a page of the address space is about to be pinned, before it is: fork() looks first
  /// whether any ever was.
  @Models(file = "mm/gup.c", function = "mm_set_has_pinned_flag")
  static void setHasPinned(Mm mm, int flags) {
    if ((flags & FOLL_PIN) != 0 && mm.hasPinned().is(0)) {
      mm.hasPinned().set(1);
    }
  }

  /// What the reference counts for.
  static long references(int flags) {
    return (flags & FOLL_PIN) != 0 ? Folio.PIN : 1;
  }

  /// Drops the reference that `flags` had taken.
  public void put(Folio folio, int flags) {
    if ((flags & FOLL_NOTED) != 0) {
      steps.atomic("unpin", () -> data.ground().unpinned(folio.pfn()));
    }
    data.folios().put(folio, references(flags));
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

  static boolean grabs(int flags) {
    return (flags & (FOLL_GET | FOLL_PIN)) != 0;
  }

  static boolean writes(int flags) {
    return (flags & FOLL_WRITE) != 0;
  }
}
