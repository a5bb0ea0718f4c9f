package shootdown.kernel.fault;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.MachineProfile;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;

/// Entries that a fault puts into the page table, or relaxes there; the page-table lock is held.
final class Install {
  private final KernelData data;
  private final VmPageProt prot;
  private final AccessFlags accessFlags;

  Install(KernelData data, Decisions decisions) {
    this.data = data;
    this.accessFlags = decisions.get(AccessFlags.class);
    this.prot = new VmPageProt(data);
  }

  /// Makes a fresh folio the anonymous page of the faulting address; `ground` tells what it holds.
  @Models(file = "mm/rmap.c", function = "folio_add_new_anon_rmap", leavesOut = "statistics, LRU")
  void anonymous(Vmf vmf, Ptep ptep, Folio folio, Runnable ground) {
    folio.mapping().write(Folio.anon(vmf.vma()));
    folio.index().write(vmf.vma().pageIndex(vmf.vpn()));
    folio.flags().write(Folio.UPTODATE | Folio.SWAPBACKED | Folio.ANON_EXCLUSIVE);
    folio.mapcount().write(1); // nobody else knows it yet
    var entry = prot.mkPte(folio, vmf.vma());
    var pte = VmPageProt.maybeMkwrite(entry.with(Pte.DIRTY), vmf.vma());
    data.steps()
        .atomic(
            "set_pte_at",
            () -> {
              ground.run();
              ptep.set(pte);
            });
    updateMmuCache(vmf);
  }

  /// As [#anonymous], of a folio that is a copy of another one.
  void privateCopy(Vmf vmf, Ptep ptep, Folio copy, Folio of) {
    anonymous(
        vmf,
        ptep,
        copy,
        () -> data.ground().holdsPrivateCopy(copy.pfn(), of.pfn(), vmf.mm(), vmf.vpn()));
  }

  /// Maps a folio in place of its swap entry `orig`; the caller's reference becomes the entry's.
  @Models(file = "mm/rmap.c", function = "folio_add_anon_rmap_pte", leavesOut = "statistics")
  void swappedIn(Vmf vmf, Ptep ptep, Folio folio, Pte orig, boolean writable) {
    if (!folio.isKsm()) {
      folio.mapping().write(Folio.anon(vmf.vma()));
      folio.index().write(vmf.vma().pageIndex(vmf.vpn()));
    }
    data.folios().addRmap(folio.mapcount());
    var entry = prot.mkPte(folio, vmf.vma());
    var relaxed = writable ? VmPageProt.maybeMkwrite(entry.with(Pte.DIRTY), vmf.vma()) : entry;
    var pte = relaxed.with(orig.bits() & Pte.UFFD_WP);
    data.steps()
        .atomic(
            "set_pte_at",
            () -> {
              data.ground().holdsSwappedIn(folio.pfn(), vmf.mm(), vmf.vpn());
              ptep.set(pte);
            });
    updateMmuCache(vmf);
  }

  /// Maps a page of a file; the caller's reference becomes the entry's.
  @Models(file = "mm/memory.c", function = "set_pte_range", leavesOut = "large folios")
  void filePage(Vmf vmf, Ptep ptep, Folio folio) {
    data.folios().addRmap(folio.mapcount());
    var entry = prot.mkPte(folio, vmf.vma());
    ptep.set(vmf.write() ? VmPageProt.maybeMkwrite(entry.with(Pte.DIRTY), vmf.vma()) : entry);
    updateMmuCache(vmf);
  }

  /// What this CPU's TLB holds of the page goes, where the port does that after each new entry:
  /// riscv by `local_flush_tlb_page()`, mips by writing the new entry into the TLB. Without it the
  /// CPU may go on to use what was there before the entry was cleared, if the flush for that is put
  /// off.
  @Models(file = "arch/riscv/include/asm/pgtable.h", function = "update_mmu_cache_range")
  void updateMmuCache(Vmf vmf) {
    if (profile().relaxFlush() == MachineProfile.Reach.LOCAL) {
      data.steps().run("update_mmu_cache", () -> flush(MachineProfile.Reach.LOCAL, vmf));
    }
  }

  /// Sets the bits of `relaxed` that a present entry lacks; tells whether it lacked any. Then
  /// flushes as far as the port does.
  ///
  /// @param orig the entry as it was when its lock was taken
  @Models(
      file = "mm/pgtable-generic.c",
      function = "ptep_set_access_flags",
      leavesOut = "a plain store where the port has no atomic one and no bit can be lost by it")
  boolean ptepSetAccessFlags(Vmf vmf, Ptep ptep, Pte orig, long relaxed) {
    boolean changed =
        switch (accessFlags.store(profile())) {
          case OF_WHAT_WAS_SEEN -> setSeen(ptep, orig.with(relaxed));
          case OF_WHAT_IS_READ -> setBits(ptep, relaxed);
          case ATOMIC ->
              data.steps().atomically("ptep_set_access_flags", () -> setBits(ptep, relaxed));
        };
    if (changed) {
      flushRelaxed(vmf);
    }
    return changed;
  }

  private static boolean setSeen(Ptep ptep, Pte entry) {
    boolean changed = !ptep.get().equals(entry);
    if (changed) {
      ptep.set(entry);
    }
    return changed;
  }

  private static boolean setBits(Ptep ptep, long bits) {
    var old = ptep.get();
    var entry = old.with(bits);
    if (entry.equals(old)) {
      return false;
    }
    ptep.set(entry);
    return true;
  }

  /// Flushes an entry that allows more now, as far as the port does.
  void flushRelaxed(Vmf vmf) {
    flush(profile().relaxFlush(), vmf);
  }

  /// The entry allows the access that faulted: the TLB entry was stale.
  @Models(file = "include/linux/pgtable.h", function = "flush_tlb_fix_spurious_fault")
  void flushTlbFixSpuriousFault(Vmf vmf) {
    flush(profile().spuriousFlush(), vmf);
  }

  /// Clears an entry and flushes it everywhere.
  @Models(file = "mm/pgtable-generic.c", function = "ptep_clear_flush")
  void ptepClearFlush(Vmf vmf, Ptep ptep) {
    data.steps()
        .run(
            "ptep_clear_flush",
            () -> {
              ptep.getAndClear();
              data.machine().flush().page(vmf.me().cpu(), vmf.mm(), vmf.vpn());
            });
  }

  private void flush(MachineProfile.Reach reach, Vmf vmf) {
    data.machine().flush().page(reach, vmf.me().cpu(), vmf.mm(), vmf.vpn());
  }

  private MachineProfile profile() {
    return data.machine().profile();
  }
}
