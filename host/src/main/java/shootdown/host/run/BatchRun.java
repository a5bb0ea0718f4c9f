package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import shootdown.host.worker.BatchProgram;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.Status;
import shootdown.litmus.LitmusTest;

/// Runs many tests of one thread, and its children, in one worker, each once.
public final class BatchRun {
  private static final long SECONDS = 20;
  private static final int ALARM_SECONDS = 30;

  private BatchRun() {}

  /// The outcome of each test; empty for the one at which the worker ended or got stuck and for
  /// those behind it.
  ///
  /// @param folder where files are made
  /// @throws HostFailure if the worker cannot be run
  public static List<Optional<String>> of(List<LitmusTest> tests, Path folder)
      throws HostFailure {
    try (var own = new Workplace(folder)) {
      return run(tests, own);
    } catch (IOException e) {
      throw new HostFailure("a worker's files cannot be made: " + e.getMessage(), e);
    }
  }

  private static List<Optional<String>> run(List<LitmusTest> tests, Workplace own)
      throws HostFailure, IOException {
    var program = BatchProgram.of(tests, own.shared(), own.folder());
    try (var memory = own.share(program.size())) {
      int cpu = Cpus.allowed().getFirst();
      int threads = tests.stream().mapToInt(t -> t.threads().size()).max().orElse(1);
      for (int thread = 0; thread < threads; thread++) {
        memory.write(Control.affinity(thread) + cpu / Long.SIZE * Long.BYTES, 1L << cpu);
      }
      memory.write(Control.word(0, Control.ThreadWord.RANDOM), 1);
      memory.write(Control.ALARM, ALARM_SECONDS);
      var process = own.start(program.file());
      await(process);
      if (Status.of(memory.read(Control.STATUS)) == Status.FAILED) {
        throw new HostFailure(
            program.steps().get((int) memory.read(Control.DETAIL)) + " failed: error number "
                + -memory.read(Control.DETAIL_2) + " at program "
                + memory.read(Control.PRODUCED));
      }
      return outcomes(tests, program, memory);
    }
  }

  private static void await(Process process) throws HostFailure {
    try {
      process.waitFor(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostFailure("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<Optional<String>> outcomes(
      List<LitmusTest> tests, BatchProgram program, SharedMemory memory) {
    long done = memory.read(Control.PRODUCED);
    var all = new ArrayList<Optional<String>>();
    for (int i = 0; i < tests.size(); i++) {
      if (i >= done) {
        all.add(Optional.empty());
        continue;
      }
      var slots = program.tests().get(i);
      var outcomes = new Outcomes(tests.get(i), slots);
      long at = program.records().get(i);
      outcomes.add(memory.words(at, 0, slots.recordWords()));
      all.add(Optional.of(outcomes.byText().firstKey()));
    }
    return all;
  }
}
