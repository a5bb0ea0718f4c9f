package shootdown.kernel.ksm;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.ClearFlush;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.ShareAnonRmap;
import shootdown.kernel.swap.SwpExclusive;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// Makes the entry of a page that is to be merged read-only and clean, so that its contents do not
/// change any more. The entry goes first, and is flushed: who has pinned the page has a reference
/// by then, or will find no entry.
final class WriteProtectPage {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final ClearFlush clearFlush;
  private final VmPageProt prot;
  private final ShareAnonRmap share;
  private final SwpExclusive exclusiveMark;
  private final DeferredWrprotect deferred;
  private final KsmDirty dirty;

  WriteProtectPage(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.clearFlush = new ClearFlush(data, decisions);
    this.prot = new VmPageProt(data);
    this.share = new ShareAnonRmap(data, decisions);
    this.exclusiveMark = decisions.get(SwpExclusive.class);
    this.deferred = decisions.get(DeferredWrprotect.class);
    this.dirty = decisions.get(KsmDirty.class);
  }

  /// Tells what the entry is then; empty if it does not map the page, or the page may be in use by
  /// others than entries. mmap_lock is held, and the folio, to which the caller has one reference,
  /// is locked.
  @Models(file = "mm/ksm.c", function = "write_protect_page", leavesOut = "MMU notifiers")
  Optional<Pte> writeProtectPage(Current me, Mm mm, Vma vma, Folio page) {
    int index = page.pageIndex();
    if (page.isKsm() || !vma.maps(index)) {
      return Optional.empty(); // page_address_in_vma(): it may be elsewhere
    }
    int vpn = vma.address(index);
    return steps.call(
        "write_protect_page",
        () -> {
          var table = walk.pteOffsetMapLockUnderMmapLock(mm.number(), vpn);
          if (table.isEmpty()) {
            return Optional.<Pte>empty();
          }
          var ptep = table.get().pte(vpn);
          boolean done = isMappedBy(page, ptep.get()) && protect(me, mm, vma, page, ptep);
          var now = done ? Optional.of(ptep.get()) : Optional.<Pte>empty();
          table.get().ptl().unlock();
          return now;
        });
  }

  /// `page_vma_mapped_walk()`, for one entry.
  private static boolean isMappedBy(Folio page, Pte pte) {
    return VmPageProt.ptePresent(pte) && pte.pfn() == page.pfn();
  }

  /// Tells whether nobody can write to the page through the entry.
  private boolean protect(Current me, Mm mm, Vma vma, Folio page, Ptep ptep) {
    return steps.scope(
        () -> {
          boolean marked = page.pageFlags().test(Folio.ANON_EXCLUSIVE);
          boolean exclusive = marked && exclusiveMark.remembers();
          if (!mayBeWritten(ptep.get(), vma) && !exclusive && !isFlushPending(mm)) {
            return !marked || share.tryShareAnonRmap(page);
          }
          boolean swapped = page.flags().test(Folio.SWAPCACHE);
          var entry = clearFlush.ptepClearFlush(me, mm.number(), ptep);
          if (!steps.recheck("page_count", () -> isUsedByEntriesAlone(page, swapped))
              || marked && !share.tryShareAnonRmap(page)) {
            ptep.set(entry);
            return false;
          }
          passDirty(page, entry);
          long kept = dirty == KsmDirty.IN_ENTRY ? Pte.DIRTY : 0;
          ptep.set(entry.without((Pte.WRITABLE | Pte.DIRTY) & ~kept));
          return true;
        });
  }

  private void passDirty(Folio page, Pte entry) {
    if (dirty == KsmDirty.IN_PAGE && entry.dirty()) {
      page.flags().set(Folio.DIRTY);
    }
  }

  /// Of an entry that waits for a NUMA hinting fault, the write bit comes back with the fault:
  /// `pte_savedwrite()`, until v6.2. The mark of the page stands for that, so it goes in releases
  /// before v5.19, too, where nobody else looks at it.
  private boolean mayBeWritten(Pte pte, Vma vma) {
    return pte.writable()
        || pte.dirty() && dirty == KsmDirty.IN_PAGE
        || VmPageProt.isProtNone(pte) && prot.canChangePteWritable(pte, vma);
  }

  /// Others may have made the entry read-only, or clean, a moment ago, and not flushed yet.
  private boolean isFlushPending(Mm mm) {
    return deferred.ksmAsks()
        && !steps.recheck("tlb_flush_pending", () -> mm.tlbFlushPending().is(0));
  }

  /// Entries, the caller, and the swap cache.
  private static boolean isUsedByEntriesAlone(Folio page, boolean swapped) {
    long entries = page.mapcount().read();
    return page.refcount().is(entries + 1 + (swapped ? 1 : 0));
  }
}
