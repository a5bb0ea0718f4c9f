package shootdown.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import shootdown.check.Checkpoint;
import shootdown.check.Options;
import shootdown.check.UnfitCheckpoint;
import shootdown.check.WholeFile;
import shootdown.model.TestResult;

/// Keeps several runs, so that they go on after this process has ended, however it ended:
///
/// ```text
/// FILE        what the runs are of, and the results of those that have finished
/// FILE.1 …    the search of a run that is under way: its number among the runs
/// FILE.lock   is held while a process works with these
/// ```
///
/// A run's own file goes when its result is in FILE; all go when all runs have finished.
final class KeptRuns implements AutoCloseable {
  private static final int VERSION = 1;
  private static final String LOCK = "lock";

  /// How long the process may take to end.
  private static final Duration GRACE = Duration.ofSeconds(20);

  /// How it begins why a search was given up that may go on.
  private static final List<String> ENDS =
      List.of(Options.Bounds.REACHED, Options.Bounds.INTERRUPTED);

  private final Path file;
  private final Duration every;
  private final Map<String, String> of;
  private final Map<String, String> common;
  private final Consumer<String> says;
  private final LongSupplier nanoClock;
  private final FileChannel lock;
  private final Map<Integer, TestResult> finished = new HashMap<>();

  /// Files of runs that are damaged or of something else.
  private final Set<Path> unfit = new TreeSet<>();

  private final int runs;
  private int underWay;
  private long lastWrite;

  /// What is kept, and how.
  ///
  /// @param file the first of the files
  /// @param every how much work may be lost, about
  /// @param of what all runs have in common: names and values
  /// @param says prints a line for people
  /// @param nanoClock as [System#nanoTime]
  record Request(
      Path file,
      Duration every,
      Map<String, String> of,
      Consumer<String> says,
      LongSupplier nanoClock) {}

  /// @param runs what each run is of, in order
  /// @throws BadInput if the file is of other runs, damaged, in use, or cannot be written
  KeptRuns(Request request, List<String> runs) throws BadInput {
    file = request.file;
    every = request.every;
    common = request.of;
    says = request.says;
    nanoClock = request.nanoClock;
    this.runs = runs.size();
    of = new HashMap<>(common);
    of.put("runs", Integer.toString(runs.size()));
    for (int i = 0; i < runs.size(); i++) {
      of.put("run " + (i + 1), runs.get(i));
    }
    lock = lock();
    try {
      read();
      write();
    } catch (UnfitCheckpoint unfit) {
      close();
      throw new BadInput("shootdown: " + unfit.getMessage() + " (without the file, all begins"
          + " again)");
    } catch (IOException e) {
      close();
      throw new BadInput("shootdown: " + file + " cannot be written: " + e);
    }
  }

  private FileChannel lock() throws BadInput {
    try {
      var channel =
          FileChannel.open(
              beside(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw new OverlappingFileLockException();
      }
      return channel;
    } catch (OverlappingFileLockException taken) {
      throw new BadInput("shootdown: " + file + " is in use by another process");
    } catch (IOException e) {
      throw new BadInput("shootdown: " + file + " cannot be written: " + e);
    }
  }

  private Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + "." + suffix);
  }

  private void read() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (var in = WholeFile.open(file, VERSION)) {
      UnfitCheckpoint.mustBeSame(file, in.getMap(), of);
      int results = in.getInt();
      for (int i = 0; i < results; i++) {
        finished.put(in.getInt(), Records.read(in, TestResult.class));
      }
    }
    says.accept(
        file + ": " + finished.size() + " of " + count()
            + " are finished; the others go on");
  }

  private String count() {
    return runs == 1 ? "1 run" : runs + " runs";
  }

  private synchronized void write() throws IOException {
    WholeFile.write(
        file,
        VERSION,
        out -> {
          out.put(of);
          out.put(finished.size());
          finished.forEach(
              (number, result) -> {
                out.put(number);
                Records.write(out, TestResult.class, result);
              });
        });
    lastWrite = nanoClock.getAsLong();
  }

  /// The jobs, kept.
  List<Job> keeping(List<Job> jobs) {
    var kept = new ArrayList<Job>();
    for (int i = 0; i < jobs.size(); i++) {
      int number = i + 1;
      Job job = jobs.get(i);
      kept.add(
          job.checked(
              finished.containsKey(number)
                  ? () -> finished(number)
                  : () -> finish(number, job)));
    }
    return kept;
  }

  private synchronized TestResult finished(int number) {
    return finished.get(number);
  }

  private TestResult finish(int number, Job job) {
    Path own = beside(Integer.toString(number));
    var what = new HashMap<>(common);
    what.put("run", of.get("run " + number));
    var checkpoint = Checkpoint.in(own).every(every).of(what).telling(this::lost);
    begun();
    try {
      TestResult result = job.check().keptIn(checkpoint).run();
      if (!mayGoOn(result)) {
        keep(number, result, own);
      }
      return result;
    } catch (UnfitCheckpoint refused) {
      refuse(own);
      throw refused;
    } finally {
      ended();
    }
  }

  private synchronized void begun() {
    underWay++;
  }

  private synchronized void ended() {
    underWay--;
    notifyAll();
  }

  /// The process is to end, and the runs under way have been told: waits for them to be kept, but
  /// not long.
  synchronized void interrupted() {
    long end = nanoClock.getAsLong() + GRACE.toNanos();
    try {
      for (long left = GRACE.toNanos(); underWay > 0 && left > 0; ) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = end - nanoClock.getAsLong();
      }
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether a search that has more time, states or memory may find more.
  private static boolean mayGoOn(TestResult result) {
    return OutOfMemory.is(result)
        || result.incomplete().filter(why -> ENDS.stream().anyMatch(why::startsWith)).isPresent();
  }

  private synchronized void refuse(Path own) {
    unfit.add(own);
  }

  private synchronized void keep(int number, TestResult result, Path own) {
    finished.put(number, result);
    try {
      boolean isLong = Files.exists(own);
      if (isLong || nanoClock.getAsLong() - lastWrite > every.toNanos()) {
        write();
        Files.deleteIfExists(own);
      }
    } catch (IOException e) {
      lost(e);
    }
  }

  private void lost(IOException trouble) {
    says.accept(
        file + " could not be written (" + trouble + "): as it is, it holds what was there before");
  }

  /// All runs have ended: what is finished needs no file.
  synchronized void end() {
    try {
      if (finished.size() == runs) {
        remove();
        return;
      }
      write();
    } catch (IOException e) {
      lost(e);
    }
    if (finished.size() < runs) {
      says.accept(file + ": " + finished.size() + " of " + count() + " are finished; " + next());
    }
  }

  private void remove() throws IOException {
    Files.deleteIfExists(file);
    for (int number = 1; number <= runs; number++) {
      Files.deleteIfExists(beside(Integer.toString(number)));
    }
  }

  /// What the user can do.
  private String next() {
    if (unfit.isEmpty()) {
      return "the same command, or one with wider bounds, goes on with the rest";
    }
    var names = unfit.stream().map(Path::toString).collect(Collectors.joining(", "));
    return "the same command goes on with the rest once " + names
        + (unfit.size() == 1 ? " is" : " are") + " gone or put right";
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(beside(LOCK));
      lock.close();
    } catch (IOException e) {
      // The lock ends with the process.
    }
  }
}
