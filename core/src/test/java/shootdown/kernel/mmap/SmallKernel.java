package shootdown.kernel.mmap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.kernel.QuietGround;
import shootdown.kernel.Timeline;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.fault.UserMemory;
import shootdown.kernel.fault.UserResult;
import shootdown.kernel.filemap.Fadvise;
import shootdown.kernel.filemap.FileIo;
import shootdown.kernel.filemap.Fsync;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.filemap.Truncate;
import shootdown.kernel.filemap.WordBuffer;
import shootdown.kernel.filemap.Writeback;
import shootdown.kernel.history.KernelSpec;
import shootdown.kernel.pgtable.Zap;
import shootdown.kernel.reclaim.Reclaim;
import shootdown.kernel.rmap.Rmap;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Profiles;
import shootdown.machine.Witness;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.View;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// A kernel with one file of two pages (its words on disk are 10 and 20), for tests without a
/// litmus file: threads are Java, and what they log is the outcome.
final class SmallKernel {
  static final int PAGE = Layout.PAGE_SIZE;
  static final long SIGSEGV = -1011;
  static final long SIGBUS = -1007;

  final Program program = new Program();
  final KernelData data;
  final MemorySyscalls calls;
  final UserMemory memory;
  final Fadvise fadvise;
  final FileIo fileIo;
  private final Word buffer;
  final Truncate truncate;
  private final List<Word> log = new ArrayList<>();

  private SmallKernel(String release, String profile) {
    var layout = new Layout(3, 2, 2 * Layout.PTRS_PER_PTE, 9, 1, 4, Layout.PTRS_PER_PTE, 0, 1);
    var machine =
        new Machine(
            program,
            Profiles.find(profile).orElseThrow(),
            layout,
            (space, vpn) -> "p" + vpn,
            Witness.NOBODY);
    data = new KernelData(program, machine, new QuietGround(), 2, 2);
    var file = data.file(0);
    program.init(file.kind(), FileData.Kind.DISK.ordinal());
    program.init(file.size(), 2L * PAGE);
    program.init(file.disk(0, 0), 10);
    program.init(file.disk(1, 0), 20);
    var decisions = spec(release).decisions(Timeline.all());
    var pages = new PageCache(data, decisions);
    var rmap = new Rmap(data, decisions);
    var writeback = new Writeback(data, decisions, pages, rmap);
    var zap = new Zap(data, decisions);
    var faults = new MmFault(data, decisions, pages);
    var reclaim = new Reclaim(data, decisions, pages, writeback, rmap);
    calls =
        new MemorySyscalls(
            data, decisions, zap, faults, new Fsync(data, writeback), reclaim);
    memory = new UserMemory(data, decisions, faults);
    fadvise = new Fadvise(data, decisions, pages, writeback);
    fileIo = new FileIo(data, decisions, pages);
    truncate = new Truncate(data, decisions, pages, zap::unmapMappingPages);
    buffer = program.word("buffer", 0);
    for (int i = 0; i < 12; i++) {
      log.add(program.word("log" + i, 0));
    }
  }

  private static KernelSpec spec(String release) {
    try {
      return KernelSpec.parse(release, Timeline.all());
    } catch (KernelSpec.SpecException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// All ends of a program that `threads` lays out.
  static CheckResult check(String release, String profile, Consumer<SmallKernel> threads) {
    return Check.run(
        () -> {
          var kernel = new SmallKernel(release, profile);
          threads.accept(kernel);
          kernel.program.outcome(
              view -> kernel.log.stream().map(word -> "" + view.get(word)).toList().toString());
          kernel.program.finalCheck(kernel::miscounted);
          return kernel.program;
        },
        Options.DEFAULT.withTimeLimit(Duration.ofSeconds(60)));
  }

  /// A thread of process `mm` on a CPU of its own.
  void thread(int cpu, int mm, Consumer<Current> body) {
    program.task(
        "P" + cpu,
        Task.Kind.NORMAL,
        () -> {
          data.machine().cpus().load(cpu, mm);
          body.accept(new Current(cpu, mm, cpu + 1));
        });
  }

  /// At rest a page has a reference for each entry that maps it and one for the page cache; the
  /// zero page has the kernel's.
  private List<Violation> miscounted(View view) {
    var wrong = new ArrayList<Violation>();
    for (int pfn = 0; pfn < data.folios().count(); pfn++) {
      var folio = data.folios().folio(pfn);
      long others = data.folios().isZero(pfn) ? 1 : 0;
      for (var file : data.files()) {
        for (int i = 0; i < file.maxPages(); i++) {
          others += view.get(file.slot(i)) == pfn + 1 ? 1 : 0;
        }
      }
      if (view.get(folio.refcount()) != view.get(folio.mapcount()) + others) {
        wrong.add(new Violation("accounting", folio + " has a wrong reference count"));
      }
    }
    return wrong;
  }

  void log(int i, long value) {
    log.get(i).write(value);
  }

  Word logged(int i) {
    return log.get(i);
  }

  long load(Current me, long va) {
    return value(memory.load(me, va));
  }

  long store(Current me, long va, long value) {
    return value(memory.store(me, va, value));
  }

  long pread(int page) {
    fileIo.pread(
        data.file(0), Layout.WORD_SIZE, (long) page * PAGE, new WordBuffer(buffer));
    return buffer.read();
  }

  private static long value(UserResult result) {
    return switch (result) {
      case UserResult.Value(long value) -> value;
      case UserResult.Signal(UserResult.Kind kind) ->
          kind == UserResult.Kind.SIGSEGV ? SIGSEGV : SIGBUS;
    };
  }
}
