package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Page faults, as the architecture's handler and get_user_pages() ask for them.
public final class MmFault {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final Install install;
  private final AnonymousFault anonymousFault;
  private final FileFault fileFault;
  private final WpFault wpFault;
  private final SwapFault swapFault;
  private final HugeFault hugeFault;
  private final NumaFault numaFault;

  public MmFault(KernelData data, Decisions decisions, PageCache pages) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.install = new Install(data, decisions);
    var shared = new SharedWrite(data, pages);
    this.anonymousFault = new AnonymousFault(data, decisions, install);
    this.fileFault = new FileFault(data, decisions, pages, install, shared);
    this.wpFault = new WpFault(data, decisions, install, shared);
    this.hugeFault = new HugeFault(data, decisions, install);
    this.swapFault = new SwapFault(data, decisions, install, wpFault);
    this.numaFault = new NumaFault(data, decisions);
  }

  /// Handles a fault at page `vpn` of an address space, whose mmap_lock the caller holds, and whose
  /// VMA allows the access (or the caller forces it).
  @Models(
      file = "mm/memory.c",
      function = "handle_mm_fault",
      leavesOut = "memory cgroups, FAULT_FLAG_ALLOW_RETRY")
  public VmFault handleMmFault(Current me, Mm mm, VmaSlot vma, int vpn, FaultFlags flags) {
    var vmf = new Vmf(me, mm.number(), vma.vma(), vpn, flags);
    return steps.call(
        "handle_mm_fault",
        () -> {
          var done =
              data.layout().hasHugePages()
                  ? steps.scope(() -> hugeFault.handle(vmf))
                  : Optional.<VmFault>empty();
          return done.isPresent() ? done.get() : handlePteFault(vmf);
        });
  }

  /// Reads what is on swap, or waits for a migration, as `entry` says, which was there a moment
  /// ago. mmap_lock is held.
  public void doSwapPage(Current me, Mm mm, Vma vma, int vpn, Pte entry) {
    swapFault.doSwapPage(new Vmf(me, mm.number(), vma, vpn, FaultFlags.READ), entry);
  }

  /// Linux looks at the entry without the lock first and compares once it has the lock; a
  /// difference means that the access is tried again. To look once, with the lock, gives the same
  /// outcomes.
  @Models(
      file = "mm/memory.c",
      function = "handle_pte_fault",
      leavesOut = "the look at the entry without the lock")
  private VmFault handlePteFault(Vmf vmf) {
    return switch (steps.scope(() -> lookUp(vmf))) {
      case Seen.Huge _ -> VmFault.DONE;
      case Seen.Missing _ -> doPteMissing(vmf);
      case Seen.Allowing(var table, var entry) -> {
        setAccessFlags(vmf, table, entry);
        yield VmFault.DONE;
      }
      case Seen.Found(var table, var entry) -> handleEntry(vmf, table, entry);
    };
  }

  private VmFault handleEntry(Vmf vmf, Table table, Pte entry) {
    if (SwapEntry.isSwap(entry) || MigrationEntry.isMigration(entry)) {
      if (MigrationEntry.isMigration(entry)) {
        MigrationEntry.assertLocked(data, entry); // migration_entry_wait() looks under this lock
      }
      table.ptl().unlock();
      return swapFault.doSwapPage(vmf, entry);
    }
    if (!VmPageProt.ptePresent(entry)) {
      throw steps.fail(new Violation("kernel bug", "a fault at a bad page-table entry"));
    }
    return isNumaHint(vmf, entry)
        ? numaFault.doNumaPage(vmf, table, entry)
        : wpFault.doWpPage(vmf, table, entry);
  }

  private boolean isNumaHint(Vmf vmf, Pte entry) {
    return !entry.present() && numaFault.isHint(vmf);
  }

  private boolean allows(Vmf vmf, Pte entry) {
    return VmPageProt.ptePresent(entry)
        && !isNumaHint(vmf, entry)
        && (entry.writable() || !vmf.write());
  }

  /// What there is at an address. Whether a table or only its entry is missing makes no difference.
  private sealed interface Seen {
    record Huge() implements Seen {}

    record Missing() implements Seen {}

    /// An entry that allows the access, whatever else it says; its table is locked.
    record Allowing(Table table, Pte entry) implements Seen {}

    /// Another entry that is not empty, and its table, which is locked.
    record Found(Table table, Pte entry) implements Seen {}
  }

  private Seen lookUp(Vmf vmf) {
    var table = walk.pteOffsetMapLock(vmf.mm(), vmf.vpn());
    if (table.isEmpty()) {
      return data.isLeaf(vmf.mm(), vmf.vpn()) ? new Seen.Huge() : new Seen.Missing();
    }
    var entry = table.get().pte(vmf.vpn()).get();
    if (entry.none()) {
      table.get().ptl().unlock();
      return new Seen.Missing();
    }
    return allows(vmf, entry)
        ? new Seen.Allowing(table.get(), entry)
        : new Seen.Found(table.get(), entry);
  }

  /// The entry allows the access: only its young and dirty bits, or a stale TLB entry, can have
  /// stood in the way.
  private void setAccessFlags(Vmf vmf, Table table, Pte entry) {
    steps.run(
        "handle_pte_fault",
        () -> {
          long bits = vmf.write() ? Pte.YOUNG | Pte.DIRTY : Pte.YOUNG;
          boolean changed = install.ptepSetAccessFlags(vmf, table.pte(vmf.vpn()), entry, bits);
          if (!changed && vmf.write()) {
            install.flushTlbFixSpuriousFault(vmf);
          }
          table.ptl().unlock();
        });
  }

  @Models(file = "mm/memory.c", function = "do_pte_missing")
  private VmFault doPteMissing(Vmf vmf) {
    return vmf.vma().anonymous()
        ? anonymousFault.doAnonymousPage(vmf)
        : fileFault.doFault(vmf);
  }
}
