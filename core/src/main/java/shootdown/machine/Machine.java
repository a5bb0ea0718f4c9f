package shootdown.machine;

import java.util.Optional;
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
        : Optional.of(new Ptep(this, space, vpn, tables.pte(table.getAsInt(), vpn)));
  }

  /// The PTE of page `vpn` in a known page-table page, whatever the PMD entry says by now.
  public Ptep ptepIn(int table, int space, int vpn) {
    return new Ptep(this, space, vpn, tables.pte(table, vpn));
  }

  /// The PTE of page `vpn` in memory as seen from outside of all tasks; none if there is no table.
  public Pte look(View view, int space, int vpn) {
    long entry = view.get(tables.pmd(space, vpn));
    return entry == 0 ? Pte.NONE : new Pte(view.get(tables.pte((int) (entry - 1), vpn)));
  }

  Tlb tlb() {
    return tlb;
  }

  Witness witness() {
    return witness;
  }

  void note(Supplier<String> text) {
    steps().note(text);
  }

  /// A PTE was replaced: every CPU that may run the space may still hold the old one.
  void remember(int space, int vpn, Pte old, Pte now) {
    steps()
        .each(
            0,
            cpus.count(),
            cpu -> {
              if (cpus.mayHold(cpu, space)) {
                tlb.remember(cpu, space, vpn, old, now);
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
                        space ->
                            steps()
                                .each(
                                    0, layout.pages(), vpn -> tlb.invalidate(cpu, space, vpn))));
  }
}
