package shootdown.kernel.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Pmdp;
import shootdown.machine.Ptep;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.View;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// All that the kernel keeps in memory: the room that every operation shares, and that knows none
/// of them.
public final class KernelData {
  /// More pages than a test has.
  public static final int MUCH_ROOM = Integer.MAX_VALUE;

  private final Machine machine;
  private final Ground ground;
  private final Folios folios;
  private final Swap swap;
  private final List<Mm> mms = new ArrayList<>();
  private final List<FileData> files = new ArrayList<>();
  private final List<Pipe> pipes = new ArrayList<>();
  private final AnonVmas anonVmas;
  private final Lock ksmThread;
  private final Tree ksmTrees;
  private final Lock[] ptls;
  private final Word freeTables;
  private final Rcu rcu;
  private final List<Userfaultfd> userfaultfds = new ArrayList<>();
  private int gatherRoom = MUCH_ROOM;

  /// Without pipes.
  public KernelData(
      Program program, Machine machine, Ground ground, int files, int filePages) {
    this(program, machine, ground, files, filePages, 0);
  }

  /// @param files how many files a test may have
  /// @param filePages pages of each
  /// @param pipes how many pipes a test may have
  public KernelData(
      Program program, Machine machine, Ground ground, int files, int filePages, int pipes) {
    this.machine = machine;
    this.ground = ground;
    var layout = machine.layout();
    this.folios = new Folios(program, machine, ground);
    this.swap = new Swap(program, layout);
    for (int i = 0; i < layout.spaces(); i++) {
      mms.add(new Mm(program, i, layout));
    }
    for (int i = 0; i < files; i++) {
      this.files.add(new FileData(program, i, filePages, layout));
    }
    for (int i = 0; i < pipes; i++) {
      this.pipes.add(new Pipe(program, i));
    }
    this.anonVmas = new AnonVmas(program, files > 0 && layout.hasHugePages() ? AnonVmas.MOST : 1);
    this.ksmTrees = new Tree(program, "ksmd's trees");
    this.ksmThread = program.lock("ksm_thread_mutex", LockOrder.KSM_THREAD.lockClass());
    this.ptls = new Lock[layout.tables()];
    for (int i = 0; i < ptls.length; i++) {
      ptls[i] = program.lock("ptl(table" + i + ")", LockOrder.PTL.lockClass());
    }
    this.freeTables =
        program
            .words(
                i -> "free tables",
                1,
                (1L << layout.tables()) - 1,
                Long::toBinaryString,
                false)
            .at(0);
    this.rcu = new Rcu(program, machine, this::pteFree);
  }

  public Machine machine() {
    return machine;
  }

  public Steps steps() {
    return machine.steps();
  }

  public Layout layout() {
    return machine.layout();
  }

  public Ground ground() {
    return ground;
  }

  public Folios folios() {
    return folios;
  }

  public Swap swap() {
    return swap;
  }

  public Mm mm(int number) {
    return mms.get(number);
  }

  /// All address spaces, in the order in which rmap walks visit them.
  public List<Mm> mms() {
    return mms;
  }

  /// @param number as a folio's mapping or a VMA says; an oops of the kernel if that is none
  public FileData file(int number) {
    if (number < 0 || number >= files.size()) {
      throw steps()
          .fail(new Violation("kernel bug", "an oops: a folio or a VMA is of no file"));
    }
    return files.get(number);
  }

  public List<FileData> files() {
    return files;
  }

  public List<Pipe> pipes() {
    return pipes;
  }

  /// Before the program runs: each process may have a userfaultfd, whose page faults are those of
  /// threads 1 … `threads`.
  public void makeUserfaultfds(Program program, int threads) {
    for (var mm : mms) {
      userfaultfds.add(new Userfaultfd(program, mm.number(), threads));
    }
  }

  /// The userfaultfd of an address space, open or not; empty where a test has none at all.
  public Optional<Userfaultfd> userfaultfd(int mm) {
    return mm < userfaultfds.size() ? Optional.of(userfaultfds.get(mm)) : Optional.empty();
  }

  /// The anon_vmas of all processes of a test, which fork from one another.
  public AnonVmas anonVmas() {
    return anonVmas;
  }

  /// `ksm_thread_mutex`: ksmd is one.
  public Lock ksmThread() {
    return ksmThread;
  }

  /// The stable and the unstable tree of KSM; under [#ksmThread].
  public Tree ksmTrees() {
    return ksmTrees;
  }

  /// Who reads page tables without locks, and what waits for them.
  public Rcu rcu() {
    return rcu;
  }

  /// The page-table pages that are given out, as a bit mask, as seen from outside of all tasks.
  public long usedTables(View view) {
    return ~view.get(freeTables) & (1L << layout().tables()) - 1;
  }

  /// Before the program runs: see [#gatherRoom].
  public void setGatherRoom(int pages) {
    gatherRoom = pages;
  }

  /// `MMU_GATHER_BUNDLE`: how many pages an mmu_gather has room for; whether there is memory for
  /// as many more is a choice then.
  public int gatherRoom() {
    return gatherRoom;
  }

  /// The split PTE lock of a page-table page.
  public Lock ptl(int table) {
    return ptls[table];
  }

  /// The page-table page that maps `vpn`, with its lock; empty if there is none now.
  public Optional<Table> table(int mm, int vpn) {
    var table = machine.tables().table(mm, vpn);
    return table.isEmpty() ? Optional.empty() : Optional.of(new Table(this, mm, table.getAsInt()));
  }

  /// `pte_free()`: gives back a page-table page that is in no page table, and whose entries are
  /// none.
  public void pteFree(int table) {
    steps()
        .atomic(
            "pte_free",
            () -> {
              machine.tableFreed(table);
              ground.tableFreed(table);
              freeTables.set(1L << table);
              steps().note(() -> "frees table" + table);
            });
  }

  /// `pte_alloc_one()`: a page-table page that nobody knows yet, empty.
  public int pteAllocOne() {
    return steps().atomically("pte_alloc_one", this::takeTable);
  }

  /// The PMD entry that covers page `vpn`.
  public Pmdp pmdp(int mm, int vpn) {
    return machine.pmdp(mm, vpn);
  }

  /// Whether the PMD entry that covers page `vpn` maps a huge page now.
  public boolean isHuge(int mm, int vpn) {
    return layout().hasHugePages()
        && steps().scope(() -> machine.tables().entry(mm, vpn).isHuge());
  }

  /// Whether the PMD entry that covers page `vpn` maps a huge page now, or stands for one that
  /// migrates.
  public boolean isLeaf(int mm, int vpn) {
    return layout().hasHugePages()
        && steps().scope(() -> machine.tables().entry(mm, vpn).isLeaf());
  }

  private int takeTable() {
    long mask = freeTables.read();
    if (mask == 0) {
      throw steps().fail(new Violation(Machine.LIMIT, "out of page tables"));
    }
    int first = Long.numberOfTrailingZeros(mask);
    freeTables.clear(1L << first);
    ground.tableAllocated(first);
    return first;
  }

  /// `pte_alloc()`: the page-table page that maps `vpn`, made if there is none. A kernel bug where
  /// a huge page is mapped.
  public Table allocTable(int mm, int vpn) {
    return pteAlloc(mm, vpn)
        .orElseThrow(
            () ->
                steps().fail(
                    new Violation("kernel bug", "a page table replaces a huge page")));
  }

  /// As [#allocTable], where a huge page may be mapped, or migrate: empty then.
  public Optional<Table> pteAlloc(int mm, int vpn) {
    return steps()
        .call(
            "pte_alloc",
            () -> {
              var there = table(mm, vpn);
              if (there.isPresent()) {
                return there;
              }
              var lock = mm(mm).pageTableLock();
              lock.lock();
              boolean none = steps().recheck("pmd_none", () -> table(mm, vpn).isEmpty());
              var found = none ? populate(mm, vpn) : table(mm, vpn);
              lock.unlock();
              return found;
            });
  }

  private Optional<Table> populate(int mm, int vpn) {
    return steps()
        .atomically(
            "pmd_populate",
            () -> {
              if (isLeaf(mm, vpn)) {
                return Optional.empty();
              }
              int first = takeTable();
              machine.tables().pmd(mm, vpn).write(first + 1L);
              return Optional.of(new Table(this, mm, first));
            });
  }

  /// A page-table page, found through a PMD entry.
  ///
  /// @param data where it lives
  /// @param mm the address space through which it was found
  /// @param number the page-table page
  public record Table(KernelData data, int mm, int number) {
    public Lock ptl() {
      return data.ptl(number);
    }

    /// Takes [#ptl], which lies in the page-table page itself: who comes without mmap_lock, or to
    /// a table that is freed, must not be late.
    public void lock(int vpn) {
      ptl().lock();
      data.machine.walked(mm, vpn, number);
    }

    /// The PTE of page `vpn`, which this table maps.
    public Ptep pte(int vpn) {
      return data.machine.ptepIn(number, mm, vpn);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Table t && t.number == number && t.mm == mm;
    }

    @Override
    public int hashCode() {
      return 31 * mm + number;
    }
  }
}
