package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.AnonExclusive;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.migrate.MigrationWait;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pmd;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.sched.Lock;
import shootdown.sched.Steps;

/// Faults where a PMD entry maps a huge page, or is to map one. An empty result means that the
/// fault goes on with PTEs.
///
/// ```text
/// entry                | what is done
/// ---------------------+-----------------------------------------------------------------
/// none                 | a huge page of zeroes, if the VMA allows it: everybody's, or its own
/// a migration entry    | waits for the end of the migration
/// huge, no rights      | the rights of the VMA, which the scanner of NUMA balancing took
/// huge, allows it      | young and dirty bits are set
/// the huge zero page   | a huge page of its own, or split
/// huge, read-only      | made writable if nobody else has the folio; else split, and the
///                      | page is copied alone; of a file, split
/// ```
final class HugeFault {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;
  private final SplitHugePmd split;
  private final Install install;
  private final VmPageProt prot;
  private final CowReuse cowReuse;
  private final HugeDirty dirty;
  private final HugeZeroFault zero;
  private final ReapedFault reaped;
  private final ProtNoneFault protNone;
  private final MigrationWait migration;

  HugeFault(KernelData data, Decisions decisions, Install install) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.split = new SplitHugePmd(data, decisions);
    this.install = install;
    this.prot = new VmPageProt(data);
    this.cowReuse = decisions.get(CowReuse.class);
    this.dirty = decisions.get(HugeDirty.class);
    this.zero = new HugeZeroFault(data, decisions);
    this.reaped = decisions.get(ReapedFault.class);
    this.protNone = decisions.get(ProtNoneFault.class);
    this.migration = new MigrationWait(data);
  }

  @Models(
      file = "mm/memory.c",
      function = "__handle_mm_fault",
      leavesOut = "PUDs; falling back to small pages")
  Optional<VmFault> handle(Vmf vmf) {
    var entry = pmdp(vmf).get();
    if (entry.isNone() && huge.thpVmaAllowable(vmf.vma(), vmf.vpn())) {
      return Optional.of(doHugePmdAnonymousPage(vmf));
    }
    if (entry.isSwap()) {
      migration.pmdMigrationEntryWait(pmdp(vmf), entry);
      return Optional.of(VmFault.DONE);
    }
    if (!entry.isHuge()) {
      return Optional.empty();
    }
    if (VmPageProt.isProtNone(entry.pte()) && protNone.isHint(steps, vmf)) {
      return Optional.of(doHugePmdNumaPage(vmf, entry));
    }
    if (vmf.write() && !entry.pte().writable()) {
      return vmf.vma().anonymous() ? doHugePmdWpPage(vmf, entry) : wpHugePmd(vmf);
    }
    hugePmdSetAccessed(vmf, entry);
    return Optional.of(VmFault.DONE);
  }

  @Models(
      file = "mm/huge_memory.c",
      function = "do_huge_pmd_anonymous_page",
      leavesOut = "userfaultfd, anon_vma_prepare() (mmap() does it), khugepaged")
  private VmFault doHugePmdAnonymousPage(Vmf vmf) {
    return steps.call(
        "do_huge_pmd_anonymous_page",
        () -> {
          if (zero.isWanted(vmf)) {
            return zero.setHugeZeroFolio(vmf);
          }
          var folio = data.folios().allocHuge();
          int table = data.pteAllocOne();
          data.folios().clear(folio);
          lock(vmf).lock();
          var pmdp = pmdp(vmf);
          boolean free = steps.recheck("pmd_none", pmdp::isNone);
          boolean mayMap = reaped.mayMap(data.mm(vmf.mm()));
          if (free && mayMap) {
            data.mm(vmf.mm()).deposit(table);
            huge.mapAnonFolioPmd(
                pmdp,
                vmf.vma(),
                folio,
                dirty.bit(vmf.vma()),
                () -> huge.holdsZeroes(vmf.mm(), pmdp, folio));
          }
          lock(vmf).unlock();
          if (!free || !mayMap) {
            data.folios().put(folio);
            data.pteFree(table);
          }
          return mayMap || !free ? VmFault.DONE : VmFault.SIGBUS;
        });
  }

  /// A write to a read-only entry of a file: copy-on-write and notices are for PTEs.
  @Models(file = "mm/memory.c", function = "wp_huge_pmd", leavesOut = "huge_fault()")
  private Optional<VmFault> wpHugePmd(Vmf vmf) {
    return splitAndGoOn(vmf);
  }

  /// No flush: what was there nobody could use.
  @Models(
      file = "mm/huge_memory.c",
      function = "do_huge_pmd_numa_page",
      leavesOut = "moving the folio to another node; nodes and statistics")
  private VmFault doHugePmdNumaPage(Vmf vmf, Pmd orig) {
    return steps.call(
        "do_huge_pmd_numa_page",
        () -> {
          lock(vmf).lock();
          var pmdp = pmdp(vmf);
          if (pmdp.is(orig)) {
            pmdp.set(prot.numaRebuilt(orig.pte(), vmf.vma()));
          }
          lock(vmf).unlock();
          return VmFault.DONE;
        });
  }

  @Models(file = "mm/huge_memory.c", function = "huge_pmd_set_accessed")
  private void hugePmdSetAccessed(Vmf vmf, Pmd orig) {
    steps.run(
        "huge_pmd_set_accessed",
        () -> {
          lock(vmf).lock();
          if (pmdp(vmf).is(orig)) {
            setAccessFlags(vmf, vmf.write() ? Pte.YOUNG | Pte.DIRTY : Pte.YOUNG);
          }
          lock(vmf).unlock();
        });
  }

  /// The access that faulted will be tried again: where nothing had to be set, a stale TLB entry
  /// stood in its way.
  private void setAccessFlags(Vmf vmf, long bits) {
    if (huge.pmdpSetAccessFlags(pmdp(vmf), bits)) {
      install.flushRelaxed(vmf);
    } else if (vmf.write()) {
      install.flushTlbFixSpuriousFault(vmf);
    }
  }

  /// A write to a read-only entry of a private mapping.
  ///
  /// ```text
  /// release   | reused if
  /// ----------+---------------------------------------------------------------------------
  /// v4.4      | no page of it is mapped twice
  /// v4.5-rc1  | nobody else has a reference
  /// v4.6      | no page of it is mapped twice: reuse_swap_page()
  /// v5.18-rc1 | nobody else has a reference (3bff7e3f1f16)
  /// v5.19-rc1 | it is marked exclusive; else as before
  /// ```
  @Models(
      file = "mm/huge_memory.c",
      function = "do_huge_pmd_wp_page",
      leavesOut = "unsharing; that releases before v5.8 copied a huge page whole")
  private Optional<VmFault> doHugePmdWpPage(Vmf vmf, Pmd orig) {
    return steps.call(
        "do_huge_pmd_wp_page",
        () -> {
          if (data.folios().isZero(orig.pte().pfn())) {
            return zero.wp(vmf, orig).or(() -> splitAndGoOn(vmf));
          }
          lock(vmf).lock();
          if (!pmdp(vmf).is(orig)) {
            lock(vmf).unlock();
            return Optional.of(VmFault.DONE);
          }
          var folio = data.folios().huge(orig.pte().pfn());
          if (isMarked(folio)) {
            return Optional.of(reuse(vmf, folio));
          }
          if (!folio.lock().tryLock()) {
            folio.get();
            lock(vmf).unlock();
            folio.lock().lock();
            lock(vmf).lock();
            if (!pmdp(vmf).is(orig)) {
              lock(vmf).unlock();
              folio.lock().unlock();
              data.folios().put(folio);
              return Optional.of(VmFault.DONE);
            }
            data.folios().put(folio);
          }
          return locked(vmf, folio);
        });
  }

  private boolean isMarked(Folio folio) {
    return cowReuse.trustsMark() && folio.pageFlags().test(Folio.ANON_EXCLUSIVE);
  }

  /// With the PMD lock and the folio's held.
  private Optional<VmFault> locked(Vmf vmf, Folio folio) {
    boolean reuse = isMarked(folio) || countsAllow(folio);
    if (reuse) {
      folio.lock().assertLocked(); // VM_BUG_ON_FOLIO() in page_move_anon_rmap(), as of v6.1
      AnonExclusive.set(data.steps(), folio);
    }
    folio.lock().unlock();
    if (reuse) {
      return Optional.of(reuse(vmf, folio));
    }
    lock(vmf).unlock();
    return splitAndGoOn(vmf);
  }

  private Optional<VmFault> splitAndGoOn(Vmf vmf) {
    split.splitHugePmd(vmf.me(), vmf.mm(), vmf.vpn());
    return Optional.empty();
  }

  private boolean countsAllow(Folio folio) {
    return cowReuse.countsReferencesOfHuge()
        ? steps.recheck("folio_ref_count", () -> folio.refcount().is(1))
        : data.folios().transHugeMapcount(folio) == 1;
  }

  /// With the PMD lock held.
  private VmFault reuse(Vmf vmf, Folio folio) {
    int first = pmdp(vmf).vpn();
    for (int i = 0; i < folio.pages(); i++) {
      data.ground().reused(folio.pfn() + i, vmf.mm(), first + i);
    }
    long writable = vmf.vma().writable() ? Pte.WRITABLE : 0;
    setAccessFlags(vmf, Pte.YOUNG | dirty.bit(vmf.vma()) | writable);
    lock(vmf).unlock();
    return VmFault.WRITE;
  }

  private Pmdp pmdp(Vmf vmf) {
    return data.pmdp(vmf.mm(), vmf.vpn());
  }

  private Lock lock(Vmf vmf) {
    return data.mm(vmf.mm()).pageTableLock();
  }
}
