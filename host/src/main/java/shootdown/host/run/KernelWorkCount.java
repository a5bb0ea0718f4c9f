package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import shootdown.host.run.Evidence.Work;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.worker.Functions;
import shootdown.host.worker.Unrunnable;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.SystemCall;

/// Counts how often the kernel did what a test's kthreads ask it for, from one moment on.
final class KernelWorkCount {
  private static final Path COUNTERS = Path.of("/proc/vmstat");
  private static final Path SWAPS = Path.of("/proc/swaps");
  private static final Path KSMD = Path.of("/sys/kernel/mm/ksm/run");
  private static final String MOVED = "pgmigrate_success ";

  private final Set<SystemCall> functions;
  private final int threads;
  private final long movedBefore = moved();
  private long shrunk;
  private long collapsed;
  private long merged;

  KernelWorkCount(LitmusTest test) {
    functions = Functions.in(test);
    threads = test.threads().size();
  }

  /// ksm_merge() waits for ksmd, which is the machine's: nobody but its user turns it on.
  ///
  /// @throws Unrunnable if it does not run
  static void needKsmd(LitmusTest test) {
    if (Functions.in(test).contains(SystemCall.KSM_MERGE) && !isKsmdRunning()) {
      throw new Unrunnable(
          "ksm_merge(): ksmd does not run here. As root: echo 1 > " + KSMD
              + "; and afterwards echo 0");
    }
  }

  private static boolean isKsmdRunning() {
    try {
      return Files.readString(KSMD).strip().equals("1");
    } catch (IOException e) {
      return false;
    }
  }

  /// A worker has ended.
  void add(SharedMemory memory) {
    for (int thread = 0; thread < threads; thread++) {
      shrunk += memory.read(Control.word(thread, ThreadWord.SHRUNK));
      collapsed += memory.read(Control.word(thread, ThreadWord.COLLAPSED));
      merged += memory.read(Control.word(thread, ThreadWord.MERGED));
    }
  }

  /// What was done.
  List<Work> all() {
    var all = new ArrayList<Work>();
    if (functions.contains(SystemCall.MIGRATE)) {
      all.add(
          new Work(
              "migrate", moved() - movedBefore, "pages moved",
              "pgmigrate_success in /proc/vmstat"));
    }
    if (functions.contains(SystemCall.SHRINK)) {
      // a page that is just moving is not mapped either
      boolean moves = functions.contains(SystemCall.MIGRATE);
      all.add(
          new Work(
              "shrink", shrunk, moves ? "pages gone, or moving just then" : "pages gone",
              "/proc/self/pagemap" + (hasSwap() ? "" : "; without swap only those of files go")));
    }
    if (functions.contains(SystemCall.COLLAPSE)) {
      all.add(new Work("collapse", collapsed, "huge pages made", "madvise() said so"));
    }
    if (functions.contains(SystemCall.KSM_MERGE)) {
      all.add(
          new Work(
              "ksm_merge", merged, "times two pages became one",
              "/proc/self/pagemap, of which only root sees that"));
    }
    return all;
  }

  /// Below the heading there is a line for each place to swap to.
  private static boolean hasSwap() {
    try (var lines = Files.lines(SWAPS)) {
      return lines.skip(1).findAny().isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /// By all processes of the machine; 0 if the kernel does not tell.
  private static long moved() {
    try (var lines = Files.lines(COUNTERS)) {
      return lines
          .filter(line -> line.startsWith(MOVED))
          .mapToLong(line -> Long.parseLong(line.substring(MOVED.length())))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
