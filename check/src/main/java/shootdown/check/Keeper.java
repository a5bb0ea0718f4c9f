package shootdown.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import shootdown.sched.Program;

/// Keeps one search in the file of a [Checkpoint], and goes on from there. The file holds:
///
/// ```text
/// what it is of         names and values
/// lessons               what was learned, in order; and a digest of what it makes
/// time                  that all went on until then
/// search                steps that are left, numbers (Saved)
/// findings              outcomes and violations, each with its run
/// states                fingerprints of all that were met
/// ```
final class Keeper {
  private static final int VERSION = 1;

  private final Checkpoint checkpoint;
  private final Learned learned;
  private final Findings findings;
  private final Patience patience;
  private final SortedMap<String, String> of;
  private final boolean found;
  private final long cpuStart = Check.cpuNanos();
  private long cpuNanos;
  private long wallNanos;

  private Keeper(Checkpoint checkpoint, Options options, Search search) {
    this.checkpoint = checkpoint;
    learned = search.learned;
    findings = search.findings;
    patience = search.patience;
    of = of(checkpoint, options, learned.program);
    found = Files.exists(checkpoint.file());
  }

  /// What a search is made of.
  record Search(Learned learned, Findings findings, Patience patience) {}

  /// The keeper that the options ask for, if they do.
  static Optional<Keeper> of(Options options, Search search) {
    return options.checkpoint().map(asked -> new Keeper(asked, options, search));
  }

  private static SortedMap<String, String> of(
      Checkpoint checkpoint, Options options, Program program) {
    var of = new TreeMap<>(checkpoint.of());
    of.put("words", Integer.toString(program.size()));
    of.put("initial memory", Long.toHexString(Arrays.hashCode(program.initialMemory())));
    of.put(
        "tasks",
        program.tasks().stream().map(t -> t.name() + " " + t.kind()).toList().toString());
    of.put("reductions", options.reductions().toString());
    of.put("seed", Long.toString(options.seed()));
    long memory = options.bounds().memory();
    of.put("memory", memory == Long.MAX_VALUE ? "unbounded" : Long.toString(memory));
    of.put("workers", options.isParallel() ? "several" : "one");
    return of;
  }

  /// Whether there is something to go on from.
  boolean isResuming() {
    return found;
  }

  /// CPU time of the processes before this one.
  long cpuNanos() {
    return cpuNanos;
  }

  /// Time on the clock of the processes before this one.
  long wallNanos() {
    return wallNanos;
  }

  /// Reads what there is to go on from; all goes into what this keeper's search is made of, which
  /// must be new.
  ///
  /// @param met is filled
  /// @throws UnfitCheckpoint if the file is damaged or of something else
  Saved resume(Met met) {
    try (var in = WholeFile.open(checkpoint.file(), VERSION)) {
      UnfitCheckpoint.mustBeSame(checkpoint.file(), in.getMap(), of);
      var lessons = Lessons.read(in);
      long digest = in.getLong();
      if (!lessons.again(learned) || learned.automaton.digest() != digest) {
        throw new UnfitCheckpoint(
            checkpoint.file(),
            "is of another program: its tasks do something else than when it was written");
      }
      cpuNanos = in.getLong();
      wallNanos = in.getLong();
      var saved = Saved.read(in);
      SavedFindings.read(in, findings);
      met.read(in);
      return saved;
    } catch (IOException e) {
      throw new UncheckedIOException(checkpoint.file() + " cannot be read", e);
    }
  }

  /// What is left to search lies behind states that have been met.
  void mustBeMet(boolean isNew) {
    if (isNew) {
      throw new UnfitCheckpoint(
          checkpoint.file(), "is of another program: a way in it leads to states that it lacks");
    }
  }

  /// Writes all down. Nobody may learn, find or meet anything meanwhile.
  ///
  /// @param workersCpuNanos CPU time of this process's other threads
  void save(Saved saved, Met met, long workersCpuNanos) {
    try {
      WholeFile.write(
          checkpoint.file(),
          VERSION,
          out -> {
            out.put(of);
            learned.lessons().write(out);
            out.put(learned.automaton.digest());
            out.put(cpuNanos + Check.cpuNanos() - cpuStart + workersCpuNanos);
            out.put(wallNanos + patience.nanos());
            saved.write(out);
            SavedFindings.write(findings, out);
            met.write(out);
          });
    } catch (IOException e) {
      checkpoint.trouble().accept(e);
    }
  }
}
