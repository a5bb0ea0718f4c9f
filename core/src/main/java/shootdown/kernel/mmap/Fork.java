package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.gup.WriteProtectSeq;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwapEntry;
import shootdown.kernel.swap.SwapMap;
import shootdown.kernel.vmalock.ForkVmaLocks;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// fork(2): the address space's part.
final class Fork {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final VmaLocks locks;
  private final ForkVmaLocks vmaLocks;
  private final PageWalk walk;
  private final VmPageProt prot;
  private final ForkCopy forkCopy;
  private final ForkPinned forkPinned;
  private final WriteProtectSeq writeProtectSeq;
  private final SwapMap swapMap;
  private final CopyHugePmd copyHugePmd;
  private final ForkUffdWp uffdWp;

  Fork(KernelData data, Decisions decisions, VmaLinks links) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.locks = new VmaLocks(data, decisions);
    this.vmaLocks = decisions.get(ForkVmaLocks.class);
    this.walk = new PageWalk(data, decisions);
    this.prot = new VmPageProt(data);
    this.swapMap = new SwapMap(data);
    this.copyHugePmd = new CopyHugePmd(data, decisions);
    this.forkCopy = decisions.get(ForkCopy.class);
    this.uffdWp = decisions.get(ForkUffdWp.class);
    this.forkPinned = decisions.get(ForkPinned.class);
    this.writeProtectSeq = decisions.get(WriteProtectSeq.class);
  }

  /// Copies the caller's address space into another one, which is empty.
  @Models(
      file = "kernel/fork.c",
      function = "dup_mmap",
      leavesOut = "the executable file; locks of the child's VMAs, which nobody uses yet")
  void fork(Current me, int child) {
    var parent = data.mm(me.mm());
    var copy = data.mm(child);
    parent.mmapLock().lock();
    copy.mmapLock().lock();
    if (vmaLocks == ForkVmaLocks.UNLOCKED && locks.areOn()) {
      data.ground().forkBegins(parent.number(), child);
    }
    steps.each(
        0,
        Mm.SLOTS,
        slot ->
            parent
                .at(slot)
                .ifPresent(vma -> dupUnlessDontcopy(me, parent, copy, vma)));
    copy.mmapLock().unlock();
    data.machine().flush().mm(me.cpu(), parent.number());
    data.ground().forkEnds(parent.number(), child);
    leaveOut(parent, child);
    wipe(copy);
    locks.mmapWriteUnlock(parent);
  }

  /// The child never has what its parent keeps to itself.
  private void leaveOut(Mm parent, int child) {
    steps.each(
        0,
        Mm.SLOTS,
        slot ->
            parent
                .at(slot)
                .filter(vma -> vma.has(Vma.VM_DONTCOPY))
                .ifPresent(vma -> data.ground().unmapEnds(child, vma.start(), vma.end())));
  }

  /// What the child is to find empty holds zeroes.
  private void wipe(Mm child) {
    steps.each(
        0,
        Mm.SLOTS,
        slot ->
            child
                .at(slot)
                .filter(vma -> vma.has(Vma.VM_WIPEONFORK))
                .ifPresent(
                    vma -> {
                      data.ground().unmapEnds(child.number(), vma.start(), vma.end());
                      data.ground().mapped(child.number(), vma);
                    }));
  }

  private void dupUnlessDontcopy(Current me, Mm parent, Mm child, Vma vma) {
    if (vmaLocks == ForkVmaLocks.LOCKED) {
      locks.vmaStartWrite(parent, vma);
    }
    if (!vma.has(Vma.VM_DONTCOPY)) {
      dupVma(me, parent, child, vma);
    }
  }

  /// `dup_userfaultfd()` without UFFD_FEATURE_EVENT_FORK: nobody watches the child's memory.
  private void dupVma(Current me, Mm parent, Mm child, Vma vma) {
    boolean wiped = vma.has(Vma.VM_WIPEONFORK);
    long left = Vma.VM_LOCKED | Vma.VM_UFFD | (wiped ? Vma.ANON_VMA : 0);
    links.link(child, vma.withFlags(vma.flags() & ~left));
    if (!wiped && forkCopy.copies(vma)) {
      copyPageRange(me, parent, child, vma);
    }
  }

  @Models(file = "mm/memory.c", function = "copy_page_range", leavesOut = "MMU notifiers")
  private void copyPageRange(Current me, Mm parent, Mm child, Vma vma) {
    boolean counted = writeProtectSeq.checked() && !vma.shared();
    steps.run(
        "copy_page_range",
        () -> {
          if (counted) {
            parent.mmapLock().assertHeldExclusively(); // mmap_assert_write_locked(), as of v6.1
            increment(parent.writeProtectSeq());
          }
          walk.parts(
              parent.number(),
              vma.start(),
              vma.end(),
              (from, _, _) ->
                  copyHugePmd.copyHugePmd(me, parent.number(), child.number(), from, vma),
              part ->
                  copyPteRange(vma, part, data.allocTable(child.number(), part.from())));
          if (counted) {
            increment(parent.writeProtectSeq());
          }
        });
  }

  /// `raw_write_seqcount_begin()`, `…_end()`: plain, as mmap_lock keeps other writers out.
  private void increment(Word seq) {
    steps.forget(() -> seq.write(seq.read() + 1));
  }

  @Models(
      file = "mm/memory.c",
      function = "copy_pte_range",
      leavesOut = "giving the locks back now and then")
  private void copyPteRange(Vma vma, PageWalk.Part part, Table to) {
    steps.run(
        "copy_pte_range",
        () -> {
          var parent = data.mm(part.table().mm());
          to.ptl().lock();
          part.table().ptl().lock();
          steps.each(
              part.from(),
              part.to(),
              vpn -> {
                var source = part.table().pte(vpn);
                if (!source.isNone()) {
                  copyPte(parent, vma, source, to.pte(vpn));
                }
              });
          part.table().ptl().unlock();
          to.ptl().unlock();
        });
  }

  private void copyPte(Mm parent, Vma vma, Ptep source, Ptep target) {
    var pte = source.get();
    if (SwapEntry.isSwap(pte)) {
      copySwapPte(vma, pte, source, target);
    } else if (MigrationEntry.isMigration(pte)) {
      copyMigrationPte(vma, pte, source, target);
    } else {
      copyPresentPte(parent, vma, source, target);
    }
  }

  /// A page that is on the way is private to one of them no more.
  @Models(file = "mm/memory.c", function = "copy_nonpresent_pte", leavesOut = "swap entries")
  private void copyMigrationPte(Vma vma, Pte pte, Ptep source, Ptep target) {
    boolean shares =
        !vma.shared() && MigrationEntry.kind(pte) != MigrationEntry.Kind.READ;
    var entry = shares ? MigrationEntry.as(MigrationEntry.Kind.READ, pte) : pte;
    if (shares) {
      source.set(entry);
    }
    target.set(uffdWp.copied(entry, vma));
  }

  @Models(
      file = "mm/memory.c",
      function = "copy_nonpresent_pte",
      leavesOut = "other special entries")
  private void copySwapPte(Vma vma, Pte pte, Ptep source, Ptep target) {
    swapMap.swapDuplicate(SwapEntry.slot(pte));
    if (SwapEntry.isExclusive(pte)) {
      source.set(SwapEntry.clearExclusive(pte));
    }
    target.set(uffdWp.copied(SwapEntry.clearExclusive(pte), vma));
  }

  @Models(
      file = "mm/memory.c",
      function = "copy_present_ptes",
      leavesOut = "batches")
  private void copyPresentPte(Mm parent, Vma vma, Ptep source, Ptep target) {
    var pte = source.get();
    if (!VmPageProt.ptePresent(pte)) {
      throw steps.fail(new Violation("kernel bug", "fork of a bad page-table entry"));
    }
    var normal = data.folios().vmNormalFolio(pte);
    if (normal.isPresent() && !shareFolio(parent, vma, normal.get(), target)) {
      return;
    }
    if (!vma.shared() && pte.writable()) {
      source.setWrprotect();
    }
    var copied = vma.shared() ? pte.without(Pte.DIRTY) : pte.without(Pte.WRITABLE);
    target.set(uffdWp.copied(copied, vma).without(Pte.YOUNG));
  }

  /// Counts the child's entry; tells whether it may share the page. If not, it has a copy now.
  private boolean shareFolio(Mm parent, Vma vma, Folio folio, Ptep target) {
    boolean anon = folio.isAnon();
    if (anon && forkPinned.copies(parent, folio)) {
      copyPresentPage(vma, folio, target);
      return false;
    }
    folio.get();
    folio.mapcount().add(1);
    if (anon) {
      folio.pageFlags().clear(Folio.ANON_EXCLUSIVE);
    }
    return true;
  }

  /// The child's own copy of a page that stays the parent's alone. The caller has the page-table
  /// locks, under which Linux does not allocate either: it gives them back and comes again.
  @Models(
      file = "mm/memory.c",
      function = "copy_present_page",
      leavesOut = "giving the locks back to allocate")
  private void copyPresentPage(Vma vma, Folio folio, Ptep target) {
    steps.run(
        "copy_present_page",
        () -> {
          var copy = data.folios().alloc();
          data.folios().copy(folio, copy);
          copy.mapping().write(Folio.anon(vma));
          copy.index().write(vma.pageIndex(target.vpn()));
          copy.flags().write(Folio.UPTODATE | Folio.SWAPBACKED | Folio.ANON_EXCLUSIVE);
          copy.mapcount().write(1);
          var pte = prot.mkPte(copy, vma).with(Pte.DIRTY);
          target.set(VmPageProt.maybeMkwrite(pte, vma));
        });
  }
}
