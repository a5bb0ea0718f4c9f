package shootdown.kernel.fault;

import shootdown.kernel.data.AnonExclusive;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.migrate.MigrationWait;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SkipSwapcache;
import shootdown.kernel.swap.SwapCache;
import shootdown.kernel.swap.SwapEntry;
import shootdown.kernel.swap.SwapMap;
import shootdown.kernel.vmalock.VmaLockFaults;
import shootdown.machine.Machine;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// A fault at a swap entry, or at a migration entry.
///
/// ```text
/// in the swap cache | entries with the slot | what is mapped
/// ------------------+-----------------------+-------------------------------------------------
/// yes               | any                   | the cached folio
/// no                | one                   | a folio of its own, since v4.15: [SkipSwapcache]
/// no                | several               | a folio that is read into the swap cache
/// ```
final class SwapFault {
  private final KernelData data;
  private final Steps steps;
  private final Install install;
  private final WpFault wpFault;
  private final CowReuse cowReuse;
  private final SkipSwapcache skip;
  private final SwapinCheck check;
  private final SwapCache cache;
  private final SwapMap map;
  private final MigrationWait migration;
  private final PageWalk walk;
  private final VmaLockFaults vmaLockFaults;

  SwapFault(KernelData data, Decisions decisions, Install install, WpFault wpFault) {
    this.data = data;
    this.steps = data.steps();
    this.install = install;
    this.wpFault = wpFault;
    this.cowReuse = decisions.get(CowReuse.class);
    this.skip = decisions.get(SkipSwapcache.class);
    this.vmaLockFaults = decisions.get(VmaLockFaults.class);
    this.check = decisions.get(SwapinCheck.class);
    this.cache = new SwapCache(data);
    this.map = new SwapMap(data);
    this.migration = new MigrationWait(data);
    this.walk = new PageWalk(data, decisions);
  }

  /// Entered without the page-table lock.
  @Models(
      file = "mm/memory.c",
      function = "do_swap_page",
      leavesOut = "large folios, stable pages, errors; that v6.12 maps an"
          + " exclusive page writable on a read, too; freeing the slot early where swap is full or"
          + " the VMA is locked")
  VmFault doSwapPage(Vmf vmf, Pte orig) {
    return steps.call(
        "do_swap_page",
        () -> {
          if (!vmaLockFaults.swapped() && data.mm(vmf.mm()).vmaLock(vmf.vpn()).isHeld()) {
            return VmFault.RETRY;
          }
          if (MigrationEntry.isMigration(orig)) {
            migration.migrationEntryWait(orig);
            return VmFault.DONE;
          }
          int slot = SwapEntry.slot(orig);
          return switch (steps.scope(() -> find(slot))) {
            case Found.Cached(var folio) -> mapCached(vmf, orig, folio);
            case Found.Alone _ -> skipSwapcache(vmf, orig, slot);
            case Found.Gone _ -> VmFault.DONE;
          };
        });
  }

  /// What there is of a slot.
  private sealed interface Found {
    /// a folio in the swap cache, with a reference
    record Cached(Folio folio) implements Found {}

    /// nothing in the swap cache, and it need not be there
    record Alone() implements Found {}

    /// no entry any more
    record Gone() implements Found {}
  }

  private Found find(int slot) {
    var cached = cache.swapCacheGetFolio(slot);
    if (cached.isEmpty() && skip.skips() && map.isHeldOnce(slot)) {
      return new Found.Alone();
    }
    return cached
        .or(() -> cache.readSwapCacheAsync(slot))
        .<Found>map(Found.Cached::new)
        .orElseGet(Found.Gone::new);
  }

  private VmFault skipSwapcache(Vmf vmf, Pte orig, int slot) {
    if (skip.pins() && !map.swapcachePrepare(slot)) {
      return VmFault.DONE; // somebody else reads it: the access tries again
    }
    var folio = cache.readPastCache(slot);
    var fault = mapLocked(vmf, orig, folio, From.DEVICE);
    if (skip.pins()) {
      map.swapcacheClear(slot);
    }
    return fault;
  }

  private VmFault mapCached(Vmf vmf, Pte orig, Folio folio) {
    return steps.scope(
        () -> {
          folio.lock().lock();
          if (!steps.recheck(
              "swapcache", () -> check.allows(cache, folio, SwapEntry.slot(orig)))) {
            folio.lock().unlock();
            data.folios().put(folio);
            return VmFault.DONE;
          }
          return needsCopy(vmf, folio)
              ? mapCopy(vmf, orig, folio)
              : mapLocked(vmf, orig, folio, From.CACHE);
        });
  }

  /// Whether a folio of the swap cache is, or was a moment ago, mapped elsewhere than where the
  /// fault is: KSM had merged the pages before they went to swap, and rmap walks look for what is
  /// no KSM page any more at one address.
  @Models(
      file = "mm/ksm.c",
      function = "ksm_might_need_to_copy",
      leavesOut = "/sys/kernel/mm/ksm/run = 2")
  private boolean needsCopy(Vmf vmf, Folio folio) {
    return steps.scope(
        () -> {
          long owner = folio.mapping().read();
          return (owner & Folio.KSM) != 0
              ? (owner & Folio.STABLE) == 0
              : owner != 0 && !folio.index().is(vmf.vma().pageIndex(vmf.vpn()));
        });
  }

  /// Maps a copy of a locked folio of the swap cache, if the entry is still there.
  private VmFault mapCopy(Vmf vmf, Pte orig, Folio folio) {
    return steps.scope(
        () -> {
          var copy = data.folios().alloc();
          data.folios().copy(folio, copy);
          var table = walk.lockIfSame(vmf.mm(), vmf.vpn(), orig);
          if (table.isPresent()) {
            if (orig.has(Pte.UFFD_WP)) {
              throw steps.fail(
                  new Violation(Machine.LIMIT, "a write-protected page of KSM that was on swap"));
            }
            map.swapFree(SwapEntry.slot(orig));
            install.privateCopy(vmf, table.get().pte(vmf.vpn()), copy, folio);
            table.get().ptl().unlock();
          }
          folio.lock().unlock();
          data.folios().put(folio);
          if (table.isEmpty()) {
            data.folios().put(copy);
          }
          return VmFault.DONE;
        });
  }

  private enum From {
    CACHE,
    DEVICE
  }

  /// Maps a locked folio if the entry is still there; the caller's reference becomes the entry's.
  private VmFault mapLocked(Vmf vmf, Pte orig, Folio folio, From from) {
    return steps.scope(
        () -> {
          var found = walk.lockIfSame(vmf.mm(), vmf.vpn(), orig);
          if (found.isEmpty()) {
            folio.lock().unlock();
            data.folios().put(folio);
            return VmFault.DONE;
          }
          var table = found.get();
          boolean writable = takeFromSwap(vmf, table, orig, folio, from);
          folio.lock().unlock();
          if (vmf.write() && !writable) {
            return wpFault.doWpPage(vmf, table, table.pte(vmf.vpn()).get());
          }
          table.ptl().unlock();
          return VmFault.DONE;
        });
  }

  /// Replaces the swap entry; tells whether the page may be written.
  ///
  /// ```text
  /// release   | the page is this address space's alone
  /// ----------+----------------------------------------------------------------------------
  /// v5.17     | no other PTE, no other swap entry: reuse_swap_page()
  /// v5.18-rc1 | nobody else has a reference, not even the swap cache (c145e0b47c77)
  /// v5.19-rc1 | the swap entry says so; else as before (1493a1913e34)
  /// ```
  private boolean takeFromSwap(Vmf vmf, Table table, Pte orig, Folio folio, From from) {
    return steps.scope(
        () -> {
          int slot = SwapEntry.slot(orig);
          if (!cowReuse.freesSwapCache()) {
            boolean wp = UserfaultFault.isWp(vmf.vma(), orig);
            boolean reuse = vmf.write() && !wp && cache.reuseSwapPage(folio);
            install.swappedIn(vmf, table.pte(vmf.vpn()), folio, orig, reuse);
            map.swapFree(slot);
            return reuse;
          }
          map.swapFree(slot);
          boolean ksm = folio.isKsm();
          if (vmf.write() && !ksm && from == From.CACHE && folio.refcount().is(2)) {
            cache.folioFreeSwap(folio);
          }
          boolean exclusive =
              !ksm && (SwapEntry.isExclusive(orig) || folio.refcount().is(1));
          if (exclusive) {
            AnonExclusive.set(data.steps(), folio);
          }
          boolean writable = exclusive && vmf.write() && !UserfaultFault.isWp(vmf.vma(), orig);
          install.swappedIn(vmf, table.pte(vmf.vpn()), folio, orig, writable);
          return writable;
        });
  }
}
