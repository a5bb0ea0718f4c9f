package shootdown.kernel.mmap;

import java.util.Optional;
import java.util.function.UnaryOperator;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.BatchedFlush;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.PmdBad;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.UffdWpEntries;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Gives the entries of a VMA the rights that the VMA has by now.
final class ChangeProtection {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final VmPageProt prot;
  private final MprotectFlush flush;
  private final BatchedFlush batched;
  private final HugePmds huge;
  private final SplitHugePmd split;
  private final ChangeHugePmd changeHuge;
  private final NumaUpdate numaUpdate;
  private final UffdWpEntries uffdWp;

  ChangeProtection(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.split = new SplitHugePmd(data, decisions);
    this.uffdWp = decisions.get(UffdWpEntries.class);
    this.flush = decisions.get(MprotectFlush.class);
    this.changeHuge = decisions.get(ChangeHugePmd.class);
    this.numaUpdate = decisions.get(NumaUpdate.class);
    this.batched = new BatchedFlush(data, decisions);
    this.walk = new PageWalk(data, decisions, PmdBad.Walker.CHANGE_PROTECTION);
    this.prot = new VmPageProt(data);
  }

  /// Changes pages `from` … `to`-1; what is to be flushed is in the gather.
  @Models(file = "mm/mprotect.c", function = "change_protection")
  MmuGather changeProtection(Current me, MmuGather tlb, Vma vma, Pages pages) {
    return change(
        me,
        tlb,
        pages,
        new Change(Why.RIGHTS, old -> prot.pteModify(old, vma), old -> mprotected(vma, old)));
  }

  /// Takes all rights from the entries of pages `from` … `to`-1, though not from the VMA:
  /// MM_CP_PROT_NUMA.
  @Models(
      file = "mm/mprotect.c",
      function = "change_protection",
      leavesOut = "sparing pages that are shared, pinned, or dirty and of a file")
  MmuGather changeProtNuma(Current me, MmuGather tlb, Pages pages) {
    UnaryOperator<Pte> hint = VmPageProt::mkProtNone;
    return change(
        me,
        tlb,
        pages,
        new Change(Why.NUMA, hint, hint));
  }

  /// Write-protects the entries of pages `from` … `to`-1 for userfaultfd, MM_CP_UFFD_WP, or ends
  /// that, MM_CP_UFFD_WP_RESOLVE. The latter makes entries read-only, too, that were not protected:
  /// they get the rights of a private VMA.
  MmuGather changeUffdWp(Current me, MmuGather tlb, Vma vma, Pages pages, UffdWp wp) {
    UnaryOperator<Pte> small =
        switch (wp) {
          case PROTECT -> old -> prot.pteModify(old, vma).with(Pte.UFFD_WP);
          case RESOLVE -> old -> prot.pteModify(old, vma).without(Pte.UFFD_WP);
        };
    var why = wp == UffdWp.PROTECT ? Why.UFFD_WP : Why.UFFD_WP_RESOLVE;
    return change(me, tlb, pages, new Change(why, small, small));
  }

  private enum Why {
    RIGHTS,
    UFFD_WP,
    UFFD_WP_RESOLVE,
    /// nobody wants to know who uses the zero page: its entries stay as they are
    NUMA
  }

  /// What is made of entries.
  ///
  /// @param huge of a PMD entry that maps a huge page
  /// @param small of a PTE
  private record Change(Why why, UnaryOperator<Pte> huge, UnaryOperator<Pte> small) {}

  private MmuGather change(Current me, MmuGather tlb, Pages pages, Change change) {
    return steps.call(
        "change_protection",
        () ->
            walk.parts(
                tlb.mm(),
                pages.from(),
                pages.to(),
                tlb,
                (from, to, live) -> changePmd(me, live, new Pages(from, to), change),
                (part, live) -> changePteRange(me, live, change, part)));
  }

  @Models(file = "mm/mprotect.c", function = "change_pmd_range")
  private Optional<MmuGather> changePmd(
      Current me, MmuGather tlb, Pages pages, Change change) {
    var whole =
        new Pages(data.layout().pmdStart(pages.from()), data.layout().pmdEnd(pages.from()));
    // task_numa_work() takes ranges of whole huge pages, so that one that a fault makes is covered
    if (change.why() == Why.NUMA || pages.count() == whole.count()) {
      return steps.call("change_huge_pmd", () -> changeHugePmd(tlb, whole, change));
    }
    split.splitHugePmd(me, tlb.mm(), pages.from());
    return Optional.empty();
  }

  @Models(
      file = "mm/huge_memory.c",
      function = "change_huge_pmd",
      leavesOut = "sparing an entry that has no rights already; userfaultfd; the"
          + " flush that pmdp_invalidate_ad() does on other ports than x86")
  private Optional<MmuGather> changeHugePmd(
      MmuGather tlb, Pages pages, Change change) {
    return huge.ifTransHugeOrSwap(
        tlb.mm(),
        pages.from(),
        Optional.<MmuGather>empty(),
        () -> {
          var pmdp = data.pmdp(tlb.mm(), pages.from());
          if (pmdp.get().isSwap()) {
            changeMigration(pmdp);
            return Optional.of(tlb);
          }
          if (change.why() == Why.NUMA && isZero(pmdp.get().pte())) {
            return Optional.of(tlb);
          }
          var old = changeHugeFrom(pmdp, change);
          var now = change.huge().apply(old);
          pmdp.set(now);
          return Optional.of(
              flush.pteNeedsFlush(old, now) ? tlb.withPages(pages.from(), pages.to()) : tlb);
        });
  }

  /// What the entry was that is about to be set.
  private Pte changeHugeFrom(Pmdp pmdp, Change change) {
    if (overwrites(change)) {
      return pmdp.get().pte();
    }
    return changeHuge == ChangeHugePmd.CLEARED
        ? pmdp.hugeGetAndClear()
        : pmdp.establish(pmdp.get().pte().without(Pte.PRESENT));
  }

  private boolean overwrites(Change change) {
    return change.why() == Why.NUMA && numaUpdate == NumaUpdate.OVERWRITTEN;
  }

  /// As [#changeNonpresent].
  private void changeMigration(Pmdp pmdp) {
    var entry = pmdp.get().pte();
    if (MigrationEntry.kind(entry) == MigrationEntry.Kind.WRITE) {
      pmdp.set(MigrationEntry.as(MigrationEntry.Kind.READ_EXCLUSIVE, entry));
    }
  }

  @Models(
      file = "mm/mprotect.c",
      function = "change_pte_range",
      leavesOut = "upgrading private pages that are exclusive")
  private Optional<MmuGather> changePteRange(
      Current me, MmuGather tlb, Change change, PageWalk.Part part) {
    record At(int vpn, MmuGather tlb) {}
    return steps.call(
        "change_pte_range",
        () -> {
          if (!walk.lock(part.table(), part.from())) {
            return Optional.<MmuGather>empty();
          }
          batched.flushTlbBatchedPending(me, tlb.mm());
          var changed =
              steps.loop(
                  "ptes",
                  new At(part.from(), tlb),
                  at -> {
                    if (at.vpn() == part.to()) {
                      return Turn.done(at.tlb());
                    }
                    boolean flush = changePte(change, part, at.vpn());
                    return Turn.again(
                        new At(at.vpn() + 1, flush ? at.tlb().withPage(at.vpn()) : at.tlb()));
                  });
          part.table().ptl().unlock();
          return Optional.of(changed);
        });
  }

  /// Tells whether the entry must be flushed.
  private boolean changePte(Change change, PageWalk.Part part, int vpn) {
    return steps.scope(
        () -> {
          var ptep = part.table().pte(vpn);
          if (ptep.isNone()) {
            return false;
          }
          var seen = ptep.get();
          if (!VmPageProt.ptePresent(seen)) {
            return changeNonpresent(change, ptep);
          }
          if (change.why() == Why.NUMA && isSpared(seen)) {
            return false;
          }
          // until it is cleared the hardware may set bits
          var old = overwrites(change) ? seen : ptep.getAndClear();
          var now = change.small().apply(old);
          ptep.set(now);
          return flush.pteNeedsFlush(old, now);
        });
  }

  /// Zero pages and KSM pages are everybody's: who uses them says nothing.
  private boolean isSpared(Pte present) {
    return data.folios().vmNormalFolio(present).filter(page -> !page.isKsm()).isEmpty();
  }

  private boolean isZero(Pte present) {
    return data.folios().isZero(present.pfn());
  }

  /// A shared page need not notify if it is dirty already.
  private Pte mprotected(Vma vma, Pte old) {
    var pte = prot.pteModify(old, vma);
    return old.dirty() && prot.vmaWantsWritenotify(vma) ? pte.with(Pte.WRITABLE) : pte;
  }

  /// A writable page that is on the way arrives read-only, whatever the new rights: the next store
  /// finds out. Nothing is to be flushed.
  private boolean changeNonpresent(Change change, Ptep ptep) {
    var seen = ptep.get();
    var pte = marked(change, seen);
    if (MigrationEntry.isMigration(pte)
        && MigrationEntry.kind(pte) == MigrationEntry.Kind.WRITE) {
      var folio = data.folios().folio(MigrationEntry.pfn(pte));
      boolean anon = folio.isAnon();
      ptep.set(
          MigrationEntry.as(
              anon ? MigrationEntry.Kind.READ_EXCLUSIVE : MigrationEntry.Kind.READ, pte));
    } else if (!pte.equals(seen)) {
      ptep.set(pte);
    }
    return false;
  }

  private Pte marked(Change change, Pte pte) {
    return switch (change.why()) {
      case UFFD_WP -> uffdWp == UffdWpEntries.KNOW ? pte.with(Pte.UFFD_WP) : pte;
      case UFFD_WP_RESOLVE -> pte.without(Pte.UFFD_WP);
      case RIGHTS, NUMA -> pte;
    };
  }
}
