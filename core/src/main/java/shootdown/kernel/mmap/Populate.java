package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.fault.FaultFlags;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Faulting pages in before they are used: MAP_POPULATE and mlock().
final class Populate {
  private final Steps steps;
  private final MmFault faults;

  Populate(KernelData data, MmFault faults) {
    this.steps = data.steps();
    this.faults = faults;
  }

  /// Faults pages in; stops where that fails, and tells whether all are in.
  @Models(
      file = "mm/gup.c",
      function = "__mm_populate",
      leavesOut = "one lock for many pages; looking at entries that are there already")
  boolean mmPopulate(Current me, Mm mm, Pages pages) {
    return steps.call(
        "mm_populate",
        () ->
            steps.loop(
                "pages",
                pages.from(),
                vpn -> {
                  if (vpn == pages.to()) {
                    return Turn.done(true);
                  }
                  return populate(me, mm, vpn) ? Turn.again(vpn + 1) : Turn.done(false);
                }));
  }

  private boolean populate(Current me, Mm mm, int vpn) {
    return steps.call(
        "populate_vma_page_range",
        () -> {
          mm.mmapLock().readLock();
          var found = mm.vmaAt(vpn).filter(slot -> VmPageProt.isAccessible(slot.vma()));
          mm.mmapLock().assertHeld(); // mmap_assert_locked(), as of v6.1
          boolean ok = found.map(slot -> fault(me, mm, slot, vpn)).orElse(false);
          mm.mmapLock().readUnlock();
          return ok;
        });
  }

  /// As [#mmPopulate], of pages of one VMA, with mmap_lock held.
  @Models(file = "mm/gup.c", function = "populate_vma_page_range")
  void populateVmaPageRange(Current me, Mm mm, Pages pages) {
    steps.run(
        "populate_vma_page_range",
        () ->
            steps.loop(
                "pages",
                pages.from(),
                vpn ->
                    vpn < pages.to() && fault(me, mm, mm.vmaAt(vpn).orElseThrow(), vpn)
                        ? Turn.again(vpn + 1)
                        : Turn.done(true)));
  }

  private boolean fault(Current me, Mm mm, VmaSlot slot, int vpn) {
    boolean write = slot.vma().writable() && !slot.vma().shared();
    var flags = write ? FaultFlags.WRITE : FaultFlags.READ;
    return !faults.handleMmFault(me, mm, slot, vpn, flags).isError();
  }
}
