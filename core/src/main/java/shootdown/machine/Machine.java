package shootdown.machine;

import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.View;

/// The simulated machine: CPUs with TLBs, page tables and frames. The kernel's only door to it.
public final class Machine {
  /// Property of violations that say: the model's machine is too small for this test. A check that
  /// meets one has not explored everything.
  public static final String LIMIT = "limit";

  private final Program program;
  private final MachineProfile profile;
  private final Layout layout;
  private final Naming naming;
  private final Witness witness;
  private final PhysicalMemory memory;
  private final PageTables tables;
  private final Tlb tlb;
  private final WalkCache walkCache;
  private final Cpus cpus;
  private final StoreBuffers storeBuffers;

  public Machine(
      Program program, MachineProfile profile, Layout layout, Naming naming, Witness witness) {
    this.program = program;
    this.profile = profile;
    this.layout = layout;
    this.naming = naming;
    this.witness = witness;
    this.memory = new PhysicalMemory(program, layout);
    this.tables = new PageTables(program, layout);
    this.tlb = new Tlb(program, layout, profile);
    this.walkCache = new WalkCache(program, layout, profile);
    this.cpus = new Cpus(program, layout);
    this.storeBuffers = new StoreBuffers(program, layout, this);
  }

  public Steps steps() {
    return program.steps();
  }

  public MachineProfile profile() {
    return profile;
  }

  public Layout layout() {
    return layout;
  }

  public Naming naming() {
    return naming;
  }

  public PhysicalMemory memory() {
    return memory;
  }

  public PageTables tables() {
    return tables;
  }

  public Cpus cpus() {
    return cpus;
  }

  public StoreBuffers storeBuffers() {
    return storeBuffers;
  }

  public Mmu mmu() {
    return new Mmu(this);
  }

  public Flush flush() {
    return new Flush(this);
  }

  /// The PTE of page `vpn` if a page-table page is there: `pte_offset_map()`.
  public Optional<Ptep> ptep(int space, int vpn) {
    var table = tables.table(space, vpn);
    return table.isEmpty()
        ? Optional.empty()
        : Optional.of(ptepIn(table.getAsInt(), space, vpn));
  }

  /// The PTE of page `vpn` in a known page-table page, whatever the PMD entry says by now.
  public Ptep ptepIn(int table, int space, int vpn) {
    return new Ptep(this, space, vpn, table, tables.pte(table, vpn));
  }

  /// The PMD entry that covers page `vpn`.
  public Pmdp pmdp(int space, int vpn) {
    return new Pmdp(this, space, vpn, tables.pmd(space, vpn));
  }

  /// How page `vpn` is mapped now, by a PTE or in a huge page.
  public Pte entryAt(int space, int vpn) {
    var entry = tables.entry(space, vpn);
    if (entry.isTable()) {
      return ptepIn(entry.table(), space, vpn).get();
    }
    return entry.isLeaf() ? entry.pteAt(vpn - layout.pmdStart(vpn)) : Pte.NONE;
  }

  /// How page `vpn` is mapped as seen from outside of all tasks, by a PTE or in a huge page.
  public Pte look(View view, int space, int vpn) {
    var entry = lookAtPmd(view, space, vpn);
    if (entry.isTable()) {
      return new Pte(view.get(tables.pte(entry.table(), vpn)));
    }
    return entry.isLeaf() ? entry.pteAt(vpn - layout.pmdStart(vpn)) : Pte.NONE;
  }

  /// The PMD entry that covers page `vpn` as seen from outside of all tasks.
  public Pmd lookAtPmd(View view, int space, int vpn) {
    return new Pmd(view.get(tables.pmd(space, vpn)));
  }

  Tlb tlb() {
    return tlb;
  }

  WalkCache walkCache() {
    return walkCache;
  }

  Witness witness() {
    return witness;
  }

  void note(Supplier<String> text) {
    steps().note(text);
  }

  /// A PTE was replaced: every CPU that may run the space may still hold the old one, at whatever
  /// address its page-table page is mapped now, or was and a walk cache still says so; the kernel
  /// may have found it at another.
  void remember(int space, int vpn, int table, Pte old, Pte now) {
    if (!profile.keepsStale()) {
      settleStores(space, old);
      return;
    }
    if (layout.pmds() == 1) {
      everywhere(space, cpu -> tlb.remember(cpu, space, vpn, old, now));
      return;
    }
    steps()
        .each(
            0,
            layout.pmds(),
            pmd -> {
              int at = pmd * layout.ptrsPerPte() + vpn % layout.ptrsPerPte();
              if (at < layout.pages()) {
                boolean live = tables.pmd(space, at).is(table + 1L);
                everywhere(
                    space,
                    cpu -> {
                      if (live || walkCache.holds(cpu, space, at, table)) {
                        tlb.remember(cpu, space, at, old, now);
                      }
                    });
              }
            });
  }

  /// `pmd_clear()`: takes a page-table page out of the page table; every CPU may still hold the PMD
  /// entry, and what the PTEs said. Tells its number.
  public int pmdClear(int space, int vpn) {
    int first = layout.pmdStart(vpn);
    int end = Math.min(layout.pmdEnd(vpn), layout.pages());
    return steps()
        .atomically(
            "pmd_clear",
            () -> {
              int table = clearPmd(space, first);
              steps()
                  .each(
                      first,
                      end,
                      at -> {
                        var pte = new Pte(tables.pte(table, at).read());
                        if (pte.present() && profile.keepsStale()) {
                          everywhere(
                              space, cpu -> tlb.remember(cpu, space, at, pte, Pte.NONE));
                        }
                      });
              return table;
            });
  }

  /// As [#pmdClear] for a page-table page in which nothing is.
  public int pmdClearEmpty(int space, int vpn) {
    return steps().atomically("pmd_clear", () -> clearPmd(space, vpn));
  }

  private int clearPmd(int space, int vpn) {
    var old = new Pmd(tables.pmd(space, vpn).swap(0));
    int table = old.table();
    rememberTable(space, vpn, old);
    int first = layout.pmdStart(vpn);
    note(() -> "PMD[" + naming.page(space, first) + "]: table" + table + " -> none");
    return table;
  }

  /// The kernel goes through a page-table page that it found in the PMD entry of a page.
  public void walked(int space, int vpn, int table) {
    witness.walked(space, vpn, table);
  }

  /// A page-table page is given back: from now on no CPU may find it any more, not even by
  /// speculation. Part of the step that gives it back.
  public void tableFreed(int table) {
    if (profile.walkCache() == MachineProfile.WalkCache.NONE) {
      return;
    }
    steps()
        .each(
            0,
            layout.spaces() * layout.pmds(),
            i -> {
              int space = i / layout.pmds();
              int vpn = i % layout.pmds() * layout.ptrsPerPte();
              everywhere(
                  space,
                  cpu -> {
                    if (walkCache.holds(cpu, space, vpn, table)) {
                      witness.freedWhileCached(cpu, space, vpn, table);
                    }
                  });
            });
  }

  /// `pmd_populate()`: puts a page-table page where none is.
  public void pmdPopulate(int space, int vpn, int table) {
    steps()
        .atomic(
            "pmd_populate",
            () -> {
              tables.pmd(space, vpn).write(table + 1L);
              note(() -> "PMD[" + naming.page(space, vpn) + "]: none -> table" + table);
            });
  }

  /// A PMD entry that mapped a huge page was replaced: every CPU that may run the space may still
  /// hold the old one.
  void rememberHuge(int space, int vpn, Pte old, Pte now) {
    if (!profile.keepsStale()) {
      settleStores(space, old);
    } else if (!old.none()) {
      everywhere(space, cpu -> tlb.rememberHuge(cpu, space, vpn, old, now));
    }
  }

  /// What was stored through an entry is in memory before the entry is invalid.
  private void settleStores(int space, Pte old) {
    if (profile.valid(old)) {
      everywhere(
          space,
          cpu -> {
            if (storeBuffers.isEnabled(cpu)) {
              storeBuffers.drain(cpu);
            }
          });
    }
  }

  /// A PMD entry was replaced: if it pointed to a page-table page, every CPU that may run the space
  /// may still find it.
  void rememberTable(int space, int vpn, Pmd old) {
    if (old.isTable()) {
      everywhere(space, cpu -> walkCache.remember(cpu, space, vpn, old.table()));
    }
  }

  /// For each CPU that the space may be loaded on.
  private void everywhere(int space, IntConsumer action) {
    steps()
        .each(
            0,
            cpus.count(),
            cpu -> {
              if (cpus.mayHold(cpu, space)) {
                action.accept(cpu);
              }
            });
  }

  /// Forgets all stale translations: what context switches before a test's threads start do.
  public void settle() {
    steps()
        .each(
            0,
            cpus.count(),
            cpu ->
                steps()
                    .each(
                        0,
                        layout.spaces(),
                        space -> tlb.invalidate(cpu, space, 0, layout.pages())));
  }
}
