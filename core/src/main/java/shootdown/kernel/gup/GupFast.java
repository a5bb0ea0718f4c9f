package shootdown.kernel.gup;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Machine;
import shootdown.machine.MachineProfile;
import shootdown.machine.Pmd;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// `get_user_pages_fast()`: pins a page without mmap_lock and without the page-table lock.
///
/// Interrupts are off during the walk, so an IPI that invalidates TLBs waits for its end, and so
/// does the freeing of page-table pages ([shootdown.kernel.data.Rcu]). The reference is taken on
/// trust, and the PTE is looked at again.
public final class GupFast {
  private final KernelData data;
  private final Machine machine;
  private final Steps steps;
  private final Gup gup;
  private final ReadBreaksCow readBreaksCow;
  private final WriteProtectSeq writeProtectSeq;
  private final RecheckPmd recheckPmd;
  private final RecheckFolio recheckFolio;

  public GupFast(KernelData data, Decisions decisions, Gup gup) {
    this.data = data;
    this.machine = data.machine();
    this.steps = data.steps();
    this.gup = gup;
    this.readBreaksCow = decisions.get(ReadBreaksCow.class);
    this.writeProtectSeq = decisions.get(WriteProtectSeq.class);
    this.recheckPmd = decisions.get(RecheckPmd.class);
    this.recheckFolio = decisions.get(RecheckFolio.class);
  }

  /// Takes a reference to the page at `vpn` of the running address space.
  ///
  /// @param flags [Gup#FOLL_WRITE] or not, [Gup#FOLL_GET] or [Gup#FOLL_PIN], [Gup#FOLL_NOTED]
  /// @return the frame number, with a reference that [Gup#put] drops; or -EFAULT
  @Models(
      file = "mm/gup.c",
      function = "get_user_pages_fast",
      leavesOut =
          "more than one page; before v4.13 (e585513b76f7) the walk of x86 took the reference"
              + " whatever the count was, and did not look again")
  public long getUserPagesFast(Current me, int vpn, int flags) {
    return steps.call(
        "get_user_pages_fast",
        () -> {
          Gup.setHasPinned(data.mm(me.mm()), flags);
          var found =
              hasFastPath()
                  ? lockless(me, vpn, readBreaksCow.fastFlags(flags))
                  : OptionalInt.empty();
          if (found.isPresent()) {
            return (long) found.getAsInt();
          }
          var mm = data.mm(me.mm());
          mm.mmapLock().readLock();
          long result = gup.getUserPages(me, mm, vpn, flags | Gup.FOLL_TOUCH);
          mm.mmapLock().readUnlock();
          return result;
        });
  }

  /// CONFIG_HAVE_GUP_FAST.
  private boolean hasFastPath() {
    return machine.profile().tableFree() != MachineProfile.TableFree.NONE;
  }

  @Models(file = "mm/gup.c", function = "gup_fast", leavesOut = "as its caller")
  private OptionalInt lockless(Current me, int vpn, int flags) {
    return steps.call(
        "gup_fast",
        () ->
            (flags & Gup.FOLL_PIN) != 0 && writeProtectSeq.checked()
                ? betweenForks(me, vpn, flags)
                : withoutInterrupts(me, vpn, flags));
  }

  /// A pin that a fork may have missed is given back: see [WriteProtectSeq].
  private OptionalInt betweenForks(Current me, int vpn, int flags) {
    var seq = data.mm(me.mm()).writeProtectSeq();
    long before = seq.read();
    if (WriteProtectSeq.isOdd(before)) {
      return OptionalInt.empty();
    }
    var found = withoutInterrupts(me, vpn, flags);
    if (found.isEmpty()
        || steps.recheck("write_protect_seq", () -> seq.is(before))) {
      return found;
    }
    gup.put(data.folios().folio(found.getAsInt()), flags);
    return OptionalInt.empty();
  }

  private OptionalInt withoutInterrupts(Current me, int vpn, int flags) {
    data.rcu().irqSave(me.cpu());
    var found = steps.scope(() -> walk(me, vpn, flags));
    data.rcu().irqRestore(me.cpu());
    return found;
  }

  @Models(file = "mm/gup.c", function = "gup_fast_pmd_range", leavesOut = "as its caller")
  private OptionalInt walk(Current me, int vpn, int flags) {
    var entry = machine.tables().entry(me.mm(), vpn);
    if (entry.isHuge()) {
      return leaf(me, vpn, entry, flags);
    }
    return entry.isTable()
        ? walkPtes(me, vpn, entry, flags)
        : OptionalInt.empty();
  }

  @Models(
      file = "mm/gup.c",
      function = "gup_fast_pmd_leaf",
      leavesOut = "unsharing, devmap and special entries")
  private OptionalInt leaf(Current me, int vpn, Pmd pmd, int flags) {
    var pmdp = data.pmdp(me.mm(), vpn);
    var pte = pmd.pteAt(vpn - pmdp.vpn());
    if (!pte.present() || Gup.writes(flags) && !pte.writable()) {
      return OptionalInt.empty();
    }
    var grabbed = tryGrabFolioFast(pte.pfn(), flags);
    if (grabbed.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!isSame(me, vpn, pte.pfn(), flags, () -> pmdp.is(pmd))) {
      gup.put(grabbed.get(), flags & ~Gup.FOLL_NOTED);
      return OptionalInt.empty();
    }
    grabbed.get().flags().set(Folio.REFERENCED);
    return OptionalInt.of(pte.pfn());
  }

  /// Takes a reference to the folio of a frame that was mapped a moment ago; empty if the frame is
  /// free by now. The folio may be split meanwhile: then the reference is to another than the one
  /// that the frame is part of.
  @Models(file = "mm/gup.c", function = "try_grab_folio_fast", leavesOut = "device memory")
  private Optional<Folio> tryGrabFolioFast(int pfn, int flags) {
    return data.layout().blockOf(pfn) < 0 || recheckFolio == RecheckFolio.ENTRY_ALONE
        ? grab(data.folios().folio(pfn), flags)
        : steps.retry("try_grab_folio_fast", () -> tryGrab(data.folios().folio(pfn), flags));
  }

  private Turn<Boolean, Optional<Folio>> tryGrab(Folio folio, int flags) {
    var grabbed = grab(folio, flags);
    if (grabbed.isEmpty()
        || steps.recheck("page_folio", () -> data.folios().isSame(folio))) {
      return Turn.done(grabbed);
    }
    gup.put(folio, flags & ~Gup.FOLL_NOTED);
    return Turn.again(true);
  }

  private static Optional<Folio> grab(Folio folio, int flags) {
    return folio.refcount().addUnlessZero(Gup.references(flags))
        ? Optional.of(folio)
        : Optional.empty();
  }

  @Models(file = "mm/gup.c", function = "gup_fast_pte_range", leavesOut = "as its caller")
  private OptionalInt walkPtes(Current me, int vpn, Pmd pmd, int flags) {
    var table = new Table(data, me.mm(), pmd.table());
    machine.walked(me.mm(), vpn, table.number());
    var ptep = table.pte(vpn);
    var pte = ptep.get();
    boolean special = pte.present() && data.folios().isZero(pte.pfn());
    if (!pte.present() || special || Gup.writes(flags) && !pte.writable()) {
      return OptionalInt.empty();
    }
    var grabbed = tryGrabFolioFast(pte.pfn(), flags);
    if (grabbed.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!isSame(
        me, vpn, pte.pfn(), flags, () -> isPmdSame(me, vpn, pmd) && ptep.is(pte))) {
      gup.put(grabbed.get(), flags & ~Gup.FOLL_NOTED);
      return OptionalInt.empty();
    }
    grabbed.get().flags().set(Folio.REFERENCED);
    return OptionalInt.of(pte.pfn());
  }

  /// Where there are no huge pages, an entry that points to a page-table page is only ever cleared
  /// when its pages are unmapped.
  private boolean isPmdSame(Current me, int vpn, Pmd pmd) {
    return !recheckPmd.looks()
        || !data.layout().hasHugePages()
        || data.pmdp(me.mm(), vpn).is(pmd);
  }

  /// Whether the entry is still the same: then the reference is to the page that it maps.
  private boolean isSame(
      Current me, int vpn, int pfn, int flags, BooleanSupplier entryIsSame) {
    if ((flags & Gup.FOLL_NOTED) == 0) {
      return entryIsSame.getAsBoolean();
    }
    return steps.atomically(
        "pte_same",
        () -> {
          boolean same = entryIsSame.getAsBoolean();
          if (same) {
            data.ground().pinned(pfn, me.mm(), vpn);
          }
          return same;
        });
  }
}
