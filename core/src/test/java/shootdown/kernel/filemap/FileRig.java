package shootdown.kernel.filemap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.kernel.QuietGround;
import shootdown.kernel.Timeline;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.history.KernelSpec;
import shootdown.kernel.pgtable.Zap;
import shootdown.kernel.reclaim.Reclaim;
import shootdown.kernel.rmap.Rmap;
import shootdown.machine.Access;
import shootdown.machine.AccessResult;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Profiles;
import shootdown.machine.Pte;
import shootdown.machine.Witness;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.View;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// A file on disk of two pages, one address space that maps its first page shared and writable at
/// page 1, and two CPUs: the rooms for files without those for mappings. Faults are a few lines
/// here.
final class FileRig {
  static final int VPN = 1;
  static final int PAGE = Layout.PAGE_SIZE;

  final Program program = new Program();
  final KernelData data;
  final FileData file;
  final Rmap rmap;
  final PageCache pageCache;
  final Writeback writeback;
  final Fsync fsync;
  final Fadvise fadvise;
  final FileIo io;
  private final Word buffer;
  private final Word firstCopied;
  private final Word copied;
  final Truncate truncate;
  final Reclaim reclaim;
  private final Machine machine;
  private final Word ready = program.word("ready", 0);
  private final int pteWord;

  private FileRig(String profile, FileData.Kind kind) {
    var layout = new Layout(2, 1, 4, 3, 1, 1);
    machine =
        new Machine(
            program,
            Profiles.find(profile).orElseThrow(),
            layout,
            (_, vpn) -> "page" + vpn,
            Witness.NOBODY);
    data = new KernelData(program, machine, new QuietGround(), 1, 2);
    file = data.file(0);
    rmap = new Rmap(data, latest());
    pageCache = new PageCache(data, latest());
    writeback = new Writeback(data, latest(), pageCache, rmap);
    fsync = new Fsync(data, writeback);
    fadvise = new Fadvise(data, latest(), pageCache, writeback);
    buffer = program.word("buffer", 0);
    firstCopied = program.word("first copied", 0);
    copied = program.word("copied", 0);
    io = new FileIo(data, latest(), pageCache);
    truncate = new Truncate(data, latest(), pageCache, this::unmap);
    reclaim = new Reclaim(data, latest(), pageCache, writeback, rmap);
    program.init(file.kind(), kind.ordinal());
    program.init(file.size(), PAGE);
    pteWord = findPteWord();
  }

  /// What a read gave.
  record Read(long result, List<Long> words) {}

  Read pread(long length, long offset) {
    copied.write(0);
    long result = io.pread(file, length, offset, new CountingBuffer(firstCopied, copied));
    return new Read(result, copied.is(0) ? List.of() : List.of(firstCopied.read()));
  }

  /// Reads one word.
  long preadWord(long offset) {
    io.pread(file, 8, offset, new WordBuffer(buffer));
    return buffer.read();
  }

  long pwrite(long value, long offset) {
    var buffer = new ListBuffer(value);
    return io.pwrite(file, buffer.bytes(), offset, buffer);
  }

  private static Decisions latest() {
    try {
      return KernelSpec.parse("latest", Timeline.all()).decisions(Timeline.all());
    } catch (KernelSpec.SpecException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Checks what `layOut` puts into a fresh rig, on a file on disk.
  static CheckResult check(Consumer<FileRig> layOut) {
    return check("x86-64", FileData.Kind.DISK, layOut);
  }

  static CheckResult check(String profile, FileData.Kind kind, Consumer<FileRig> layOut) {
    return Check.run(
        () -> {
          var rig = new FileRig(profile, kind);
          layOut.accept(rig);
          return rig.program;
        },
        Options.DEFAULT);
  }

  /// The first task: prepares the rest, which waits for it.
  void before(Runnable body) {
    program.task(
        "setup",
        Task.Kind.NORMAL,
        () -> {
          data.steps()
              .atomic(
                  "address space",
                  () -> {
                    machine.cpus().load(0, 0);
                    machine.cpus().load(1, 0);
                    data.mm(0)
                        .insert(
                            new Vma(
                                VPN, VPN + 1, 0, 0, Vma.VM_READ | Vma.VM_WRITE | Vma.VM_SHARED));
                  });
          data.steps().run("setup", body);
          data.steps().atomic("settle", machine::settle);
          ready.write(1);
        });
  }

  /// A thread of the test on CPU `cpu`.
  void thread(int cpu, Consumer<Current> body) {
    program.task(
        "P" + cpu,
        Task.Kind.NORMAL,
        () -> {
          ready.await(1);
          body.accept(new Current(cpu, 0, cpu + 1));
        });
  }

  /// What a run ends with; and every run is held against [#atRest].
  void outcome(Function<View, String> text) {
    program.outcome(text);
    program.finalCheck(this::atRest);
  }

  /// What must hold when nobody is at work: references are those of the cache and of PTEs, PTEs map
  /// cached pages, and a page that is clean everywhere is what the disk has.
  private List<Violation> atRest(View view) {
    var wrong = new ArrayList<Violation>();
    for (int pfn = 0; pfn < data.folios().count(); pfn++) {
      var folio = data.folios().folio(pfn);
      boolean cached = pfn == cachedFrame(view);
      boolean mapped = pte(view).present() && pte(view).pfn() == pfn;
      must(wrong, view.get(folio.mapcount()) == (mapped ? 1 : 0), "mapcount of " + folio);
      must(
          wrong,
          view.get(folio.refcount()) == (mapped ? 1 : 0) + (cached ? 1 : 0),
          "refcount of " + folio);
      must(wrong, !mapped || cached, folio + " is mapped and not cached");
      boolean clean = (view.get(folio.flags()) & Folio.DIRTY) == 0;
      boolean disk = view.get(file.kind()) == FileData.Kind.DISK.ordinal();
      if (cached && clean && !(mapped && pte(view).dirty())) {
        must(wrong, contents(view, pfn) == diskWord(view), folio + " is clean, not written");
        must(wrong, !disk || !mapped || !pte(view).writable(), folio + " is clean and writable");
      }
    }
    return wrong;
  }

  private static void must(List<Violation> wrong, boolean holds, String what) {
    if (!holds) {
      wrong.add(new Violation("at rest", what));
    }
  }

  /// The first word of the file, as pread() would give it.
  long value(View view) {
    int pfn = cachedFrame(view);
    if (pfn >= 0) {
      return contents(view, pfn);
    }
    return isSwapped(view) ? swapWord(view) : diskWord(view);
  }

  /// Whether the first page is on swap.
  boolean isSwapped(View view) {
    return FileData.swappedIn(view.get(file.slot(0))).isPresent();
  }

  private long swapWord(View view) {
    int slot = FileData.swappedIn(view.get(file.slot(0))).orElseThrow();
    return view.get(data.swap().contents(slot, 0));
  }

  long diskWord(View view) {
    return view.get(file.disk(0, 0));
  }

  /// Frame of the cached first page, -1 if it is not cached.
  int cachedFrame(View view) {
    return FileData.cachedIn(view.get(file.slot(0))).orElse(-1);
  }

  private long contents(View view, int pfn) {
    return view.get(machine.memory().at(pfn, 0));
  }

  Pte pte(View view) {
    return new Pte(view.get(pteWord));
  }

  /// The word of the page's PTE in the only page-table page that there is.
  private int findPteWord() {
    int at = 0;
    while (!program.nameOf(at).equals("table0[" + VPN + "]")) {
      at++;
    }
    return at;
  }

  /// A store of user code to the mapped page; false if it ends in SIGBUS.
  boolean store(Current me, long value) {
    var access = new Access(me.cpu(), 0, VPN, 0, Access.Kind.STORE);
    return data.steps()
        .retry(
            "store",
            () ->
                switch (machine.mmu().store(access, value)) {
                  case AccessResult.Done _ -> Turn.done(true);
                  case AccessResult.PageFault _ ->
                      writeFault(me) ? Turn.again(true) : Turn.done(false);
                });
  }

  /// A load of user code; empty if it ends in SIGBUS.
  Optional<Long> load(Current me) {
    var access = new Access(me.cpu(), 0, VPN, 0, Access.Kind.LOAD);
    return data.steps()
        .retry(
            "load",
            () ->
                switch (machine.mmu().load(access)) {
                  case AccessResult.Done(long value) -> Turn.done(Optional.of(value));
                  case AccessResult.PageFault _ ->
                      map(me, false) ? Turn.again(true) : Turn.done(Optional.empty());
                });
  }

  private boolean writeFault(Current me) {
    return data.steps().call("fault", () -> map(me, true));
  }

  private boolean map(Current me, boolean write) {
    var found = pageCache.filemapFault(file, 0, PageCache.Order.ONE_PAGE);
    if (found.isEmpty()) {
      return false;
    }
    var folio = found.get();
    if (write) {
      pageCache.setPageDirty(folio);
    }
    boolean writable = write || file.is(FileData.Kind.SHMEM);
    long bits = Pte.YOUNG | (writable ? Pte.WRITABLE : 0) | (write ? Pte.DIRTY : 0);
    boolean kept = data.steps().call("set_pte", () -> setPte(me, folio, Pte.of(folio.pfn(), bits)));
    folio.lock().unlock();
    if (!kept) {
      data.folios().put(folio);
    }
    return true;
  }

  /// Tells whether the PTE took the reference.
  private boolean setPte(Current me, Folio folio, Pte pte) {
    var table = data.allocTable(0, VPN);
    table.ptl().lock();
    var ptep = table.pte(VPN);
    boolean none = ptep.isNone();
    if (none) {
      folio.mapcount().add(1);
      ptep.set(pte);
    } else if (pte.writable()) {
      ptep.set(pte);
      machine.flush().local(me.cpu(), 0, VPN, VPN + 1);
    }
    table.ptl().unlock();
    return none;
  }

  /// munmap() of the only place where the file can be mapped; leaves the VMA.
  private void unmap(Current me, FileData of, int from, int to, Zap.Details details) {
    if (from > 0 || data.table(0, VPN).isEmpty()) {
      return;
    }
    data.steps()
        .run(
            "unmap",
            () -> {
              var table = data.table(0, VPN).orElseThrow();
              table.ptl().lock();
              var old = table.pte(VPN).getAndClear();
              if (old.present()) {
                machine.flush().page(me.cpu(), 0, VPN);
                var folio = data.folios().folio(old.pfn());
                if (old.dirty()) {
                  folio.flags().set(Folio.DIRTY);
                }
                folio.mapcount().add(-1);
                data.folios().put(folio);
              }
              table.ptl().unlock();
            });
  }
}
