package shootdown.machine;

import java.util.Arrays;

/// What an architecture guarantees about page tables and TLBs, and what its port of Linux does
/// where ports differ. Data only: see `machines.txt`.
///
/// @param name as users type it, e.g. `x86-64`
/// @param port the port of Linux that runs there, such as `x86` and `arm64`
/// @param hardwareYoung the walker sets a PTE's young bit; otherwise an old PTE is not mapped
/// @param hardwareDirty the walker sets a PTE's dirty bit; otherwise a clean PTE is read-only
/// @param shootdown how one CPU invalidates the TLBs of the others
/// @param faultDropsEntry a page fault drops all that the CPU's TLB holds of the faulting page
/// @param relaxFlush what `ptep_set_access_flags()` flushes when it relaxes a permission
/// @param spuriousFlush what `flush_tlb_fix_spurious_fault()` flushes
/// @param youngFlush what `ptep_clear_flush_young()` flushes
/// @param walkCache which invalidations empty the page-walk caches
/// @param tableFree what keeps gup-fast from page-table pages that are freed
/// @param hugePages Linux maps huge pages by PMD entries there
/// @param flushesAtExit `tlb_flush()` of a whole address space that nobody is to use any more does
/// so
/// @param order how plain accesses of one CPU look to the others
/// @param description one line for `list machines`
public record MachineProfile(
    String name,
    String port,
    boolean hardwareYoung,
    boolean hardwareDirty,
    Shootdown shootdown,
    boolean faultDropsEntry,
    Reach relaxFlush,
    Reach spuriousFlush,
    Reach youngFlush,
    WalkCache walkCache,
    TableFree tableFree,
    boolean hugePages,
    boolean flushesAtExit,
    MemoryOrder order,
    String description) {

  /// Whether its port is one of these.
  public boolean isOf(String... ports) {
    return Arrays.asList(ports).contains(port);
  }

  /// The same machine, called otherwise.
  public MachineProfile named(String other) {
    return new MachineProfile(
        other, port, hardwareYoung, hardwareDirty, shootdown, faultDropsEntry, relaxFlush,
        spuriousFlush, youngFlush, walkCache, tableFree, hugePages, flushesAtExit, order,
        description);
  }

  /// How remote TLBs are invalidated.
  public enum Shootdown {
    /// an interrupt to each CPU, which waits while the target has interrupts off
    IPI,
    /// an instruction that the hardware broadcasts; it waits for nobody's interrupts
    BROADCAST,
    /// the instruction that makes an entry invalid takes it out of every TLB, too, and waits for
    /// stores that went through it: no TLB holds what the page tables do not
    ENTRY
  }

  /// Which TLBs a flush reaches.
  public enum Reach {
    NONE,
    LOCAL,
    ALL
  }

  /// Which invalidations make a CPU forget PMD entries that its walker keeps.
  public enum WalkCache {
    /// there are none: software walks the tables
    NONE,
    /// every one, of whatever page of the address space
    ANY,
    /// those of a page below the entry
    PAGE,
    /// those of a page below the entry that say that page-table pages were freed
    FREED
  }

  /// What keeps walks without locks from page-table pages that are freed.
  public enum TableFree {
    /// the IPI of the flush before, which waits for CPUs with interrupts off; x86, until a release
    IPI,
    /// an RCU grace period
    RCU,
    /// nothing: the port has no such walks
    NONE
  }

  /// How the plain accesses of one CPU look to the others.
  public enum MemoryOrder {
    /// in program order
    SC,
    /// stores wait in a buffer that later loads overtake
    TSO,
    /// as TSO and weaker still: only the store buffer is modelled, so what plain accesses next to
    /// each other cannot do under TSO is not decided
    WEAK
  }

  /// Whether a TLB may hold an entry that has been replaced.
  public boolean keepsStale() {
    return shootdown != Shootdown.ENTRY;
  }

  /// Whether plain stores wait in a buffer that later loads may overtake.
  public boolean storeBuffer() {
    return order != MemoryOrder.SC;
  }

  /// What the hardware takes this PTE for.
  ///
  /// @param pte as it stands in memory
  /// @return whether a walk may use it at all: present and, where software keeps young bits, young
  public boolean valid(Pte pte) {
    return pte.present() && (hardwareYoung || pte.young());
  }

  /// Whether the hardware lets a store through: writable and, where software keeps dirty bits,
  /// dirty.
  public boolean writable(Pte pte) {
    return valid(pte) && pte.writable() && (hardwareDirty || pte.dirty());
  }
}
