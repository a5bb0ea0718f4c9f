package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.AnonExclusive;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.swap.SwapCache;
import shootdown.kernel.uffd.HandleUserfault;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// A write to a present, read-only entry.
///
/// ```text
/// VMA      | page                            | what is done
/// ---------+---------------------------------+----------------------------------------------
/// shared   | of a file on disk               | page_mkwrite, then make it writable
/// shared   | of shared memory                | make it writable, then mark the page dirty
/// private  | anonymous and nobody else's     | make it writable ([CowReuse] says when)
/// private  | the zero page                   | clear and flush it, map a page of zeroes
/// private  | else                            | copy, clear and flush the old, map the copy
/// ```
///
/// Each method is entered with the page-table lock held and drops it.
final class WpFault {
  private final KernelData data;
  private final Steps steps;
  private final Install install;
  private final SharedWrite shared;
  private final CowReuse cowReuse;
  private final SharedDirty sharedDirty;
  private final CopyRmap copyRmap;
  private final CowFlush cowFlush;
  private final SwapCache swapCache;
  private final AnonVmaPrepare anonVma;
  private final PageWalk walk;
  private final UserfaultFault userfault;
  private final CopyFlush copyFlush;

  WpFault(KernelData data, Decisions decisions, Install install, SharedWrite shared) {
    this.data = data;
    this.steps = data.steps();
    this.install = install;
    this.shared = shared;
    this.userfault = new UserfaultFault(data, decisions);
    this.copyFlush = decisions.get(CopyFlush.class);
    this.cowReuse = decisions.get(CowReuse.class);
    this.sharedDirty = decisions.get(SharedDirty.class);
    this.copyRmap = decisions.get(CopyRmap.class);
    this.cowFlush = decisions.get(CowFlush.class);
    this.swapCache = new SwapCache(data);
    this.anonVma = new AnonVmaPrepare(data);
    this.walk = new PageWalk(data, decisions);
  }

  @Models(
      file = "mm/memory.c",
      function = "do_wp_page",
      leavesOut = "unsharing, PFN mappings")
  VmFault doWpPage(Vmf vmf, Table table, Pte orig) {
    return steps.call(
        "do_wp_page",
        () -> {
          if (UserfaultFault.isWp(vmf.vma(), orig)) {
            table.ptl().unlock();
            return userfault.handle(vmf, HandleUserfault.Reason.WP);
          }
          if (copyFlush == CopyFlush.PENDING && UserfaultFault.isWp(vmf.vma())) {
            flushPending(vmf);
          }
          var normal = data.folios().vmNormalFolio(orig);
          if (normal.isEmpty()) {
            table.ptl().unlock();
            return wpPageCopy(vmf, table, orig, Optional.empty());
          }
          var folio = normal.get();
          if (vmf.vma().shared()) {
            return wpPageShared(vmf, table, orig, folio);
          }
          return switch (steps.scope(() -> decide(vmf, table, orig, folio))) {
            case REUSE -> {
              data.ground().reused(folio.pfn(), vmf.mm(), vmf.vpn());
              wpPageReuse(vmf, table, orig);
              if (cowReuse.locking() == CowReuse.Locking.UNLOCKS_LATE) {
                unlockLate(folio);
              }
              yield VmFault.WRITE;
            }
            case COPY -> wpPageCopy(vmf, table, orig, normal);
            case CHANGED -> VmFault.DONE;
          };
        });
  }

  /// Who write-protects for a userfaultfd flushes later, and holds mmap_lock for reading only: a
  /// CPU that may still write would do so while the page is copied, or after it.
  private void flushPending(Vmf vmf) {
    if (steps.scope(() -> !data.mm(vmf.mm()).tlbFlushPending().is(0))) {
      steps.run(
          "flush_tlb_page",
          () -> data.machine().flush().page(vmf.me().cpu(), vmf.mm(), vmf.vpn()));
    }
  }

  private enum Verdict {
    REUSE,
    COPY,
    CHANGED
  }

  /// What to do with the page: with the entry's table locked if it is to be used again, else
  /// without, and with a reference on the page if it is to be copied.
  private Verdict decide(Vmf vmf, Table table, Pte orig, Folio folio) {
    var reuse = wpCanReuseAnonFolio(vmf, folio);
    if (reuse == Reuse.WAIT) {
      return wpPageLocked(vmf, table, orig, folio);
    }
    if (reuse == Reuse.YES) {
      return Verdict.REUSE;
    }
    folio.get();
    table.ptl().unlock();
    return Verdict.COPY;
  }

  private enum Reuse {
    YES,
    NO,
    WAIT
  }

  @Models(
      file = "mm/memory.c",
      function = "wp_can_reuse_anon_folio",
      leavesOut = "looking at the count before the lock")
  private Reuse wpCanReuseAnonFolio(Vmf vmf, Folio folio) {
    return steps.call(
        "wp_can_reuse_anon_folio",
        () -> {
          long owner = folio.mapping().read(Folio.ANON | Folio.KSM);
          if (owner != Folio.ANON && (owner == 0 || !mayReuseKsm(folio))) {
            return Reuse.NO;
          }
          if (cowReuse.trustsMark() && folio.pageFlags().test(Folio.ANON_EXCLUSIVE)) {
            return Reuse.YES;
          }
          if (!folio.lock().tryLock()) {
            return cowReuse.locking() == CowReuse.Locking.WAITS ? Reuse.WAIT : Reuse.NO;
          }
          boolean allowed = countsAllow(vmf, folio, 1);
          if (allowed) {
            folio.lock().assertLocked(); // VM_BUG_ON_FOLIO() in page_move_anon_rmap(), as of v6.1
            AnonExclusive.set(data.steps(), folio);
          }
          if (!allowed || cowReuse.locking() != CowReuse.Locking.UNLOCKS_LATE) {
            folio.lock().unlock();
          }
          return allowed ? Reuse.YES : Reuse.NO;
        });
  }

  /// Whether a KSM page may be made writable, as far as can be seen without its lock.
  private boolean mayReuseKsm(Folio folio) {
    return cowReuse.reusesKsm()
        && !folio.flags().test(Folio.SWAPCACHE)
        && folio.refcount().is(1);
  }

  /// What the locked folio's counts say. It may have become a KSM page while it was not locked.
  ///
  /// @param references how many the entry and the caller have
  private boolean countsAllow(Vmf vmf, Folio folio, int references) {
    return steps.recheck("folio_test_ksm", () -> !folio.isKsm())
        ? cowReuse.countsAllow(folio, swapCache, steps)
        : cowReuse.reusesKsm() && reuseKsmPage(vmf, folio, references);
  }

  /// Makes a KSM page that one entry maps an anonymous page again; tells whether it did. While its
  /// references are frozen ksmd finds it gone.
  @Models(file = "mm/ksm.c", function = "reuse_ksm_page", leavesOut = "it went in v5.9")
  private boolean reuseKsmPage(Vmf vmf, Folio folio, int references) {
    return steps.call(
        "reuse_ksm_page",
        () -> {
          folio.lock().assertLocked();
          if (folio.flags().test(Folio.SWAPCACHE)
              || !folio.mapping().test(Folio.STABLE)
              || !folio.refcount().cas("page_ref_freeze", references, 0)) {
            return false;
          }
          data.folios().stableNode(folio).items().write(0);
          folio.mapping().write(Folio.anon(vmf.vma()));
          folio.index().write(vmf.vma().pageIndex(vmf.vpn()));
          folio.refcount().write(references);
          return true;
        });
  }

  /// Nothing keeps the folio any more. `free_pages_check()` finds that it is locked, or what is
  /// unlocked here is somebody else's by now.
  private void unlockLate(Folio folio) {
    if (folio.refcount().is(0)) {
      throw steps.fail(new Violation("kernel bug", "bad page state: a page is free, and locked"));
    }
    folio.lock().unlock();
  }

  /// Before v5.9 a fault waited for the page lock, and went on with it held if the entry was still
  /// the same.
  private Verdict wpPageLocked(Vmf vmf, Table table, Pte orig, Folio folio) {
    folio.get();
    table.ptl().unlock();
    folio.lock().lock();
    if (!walk.lockIfSame(table, vmf.vpn(), orig)) {
      folio.lock().unlock();
      data.folios().put(folio);
      return Verdict.CHANGED;
    }
    boolean reuse = countsAllow(vmf, folio, 2);
    folio.lock().unlock();
    if (!reuse) {
      table.ptl().unlock();
      return Verdict.COPY;
    }
    data.folios().put(folio);
    return Verdict.REUSE;
  }

  @Models(file = "mm/memory.c", function = "wp_page_reuse", leavesOut = "NUMA hints")
  private void wpPageReuse(Vmf vmf, Table table, Pte orig) {
    long writable = vmf.vma().writable() ? Pte.WRITABLE : 0;
    install.ptepSetAccessFlags(
        vmf, table.pte(vmf.vpn()), orig, Pte.YOUNG | Pte.DIRTY | writable);
    table.ptl().unlock();
  }

  @Models(file = "mm/memory.c", function = "wp_page_shared")
  private VmFault wpPageShared(Vmf vmf, Table table, Pte orig, Folio folio) {
    folio.get();
    boolean mapped = true;
    if (sharedDirty == SharedDirty.UNLOCKED) {
      wpPageReuse(vmf, table, orig);
      shared.setPageDirty(folio);
      data.folios().put(folio);
      return VmFault.DONE;
    }
    if (shared.hasPageMkwrite(vmf)) {
      table.ptl().unlock();
      if (!shared.doPageMkwrite(vmf, folio)) {
        data.folios().put(folio);
        return VmFault.NOPAGE;
      }
      mapped = finishMkwriteFault(vmf, table, orig);
    } else {
      wpPageReuse(vmf, table, orig);
      folio.lock().lock();
    }
    if (mapped) {
      shared.faultDirtySharedPage(folio);
    } else {
      folio.lock().unlock();
    }
    data.folios().put(folio);
    return mapped ? VmFault.DONE : VmFault.NOPAGE;
  }

  /// Makes the entry writable if it is still the one that faulted; tells whether it is.
  @Models(file = "mm/memory.c", function = "finish_mkwrite_fault")
  private boolean finishMkwriteFault(Vmf vmf, Table table, Pte orig) {
    return steps.call(
        "finish_mkwrite_fault",
        () -> {
          if (!walk.lockIfSame(table, vmf.vpn(), orig)) {
            return false;
          }
          wpPageReuse(vmf, table, orig);
          return true;
        });
  }

  /// Maps a copy. Entered without the page-table lock and with a reference on the old page; it is
  /// none if the entry maps the zero page.
  @Models(
      file = "mm/memory.c",
      function = "wp_page_copy",
      leavesOut = "MMU notifiers, memory cgroups")
  private VmFault wpPageCopy(Vmf fault, Table table, Pte orig, Optional<Folio> old) {
    return steps.call(
        "wp_page_copy",
        () -> {
          var vmf = anonVma.anonVmaPrepare(fault);
          var copy = data.folios().alloc();
          old.ifPresentOrElse(
              page -> data.folios().copy(page, copy), () -> data.folios().clear(copy));
          var ptep = table.pte(vmf.vpn());
          boolean same = walk.lockIfSame(table, vmf.vpn(), orig);
          if (same) {
            removeRmap(old, CopyRmap.FIRST);
            replace(vmf, ptep, copy, old);
            removeRmap(old, CopyRmap.LAST);
            table.ptl().unlock();
            old.ifPresent(data.folios()::put);
          } else {
            data.folios().put(copy);
          }
          old.ifPresent(data.folios()::put);
          return VmFault.WRITE;
        });
  }

  /// Cleared and flushed first: no CPU may read the old page after another wrote the new.
  private void replace(Vmf vmf, Ptep ptep, Folio copy, Optional<Folio> old) {
    boolean after = cowFlush.flushesAfter(data.machine().profile());
    if (!after) {
      install.ptepClearFlush(vmf, ptep);
    }
    install.anonymous(vmf, ptep, copy, () -> holdsCopy(vmf, copy, old));
    if (after) {
      data.machine().flush().page(vmf.me().cpu(), vmf.mm(), vmf.vpn());
    }
  }

  private void removeRmap(Optional<Folio> old, CopyRmap now) {
    if (copyRmap == now) {
      old.ifPresent(page -> data.folios().removeRmap(page.mapcount()));
    }
  }

  private void holdsCopy(Vmf vmf, Folio copy, Optional<Folio> old) {
    old.ifPresentOrElse(
        page -> data.ground().holdsPrivateCopy(copy.pfn(), page.pfn(), vmf.mm(), vmf.vpn()),
        () -> data.ground().holdsPrivateZero(copy.pfn(), vmf.mm(), vmf.vpn()));
  }
}
