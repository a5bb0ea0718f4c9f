package shootdown.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import shootdown.host.fuzz.Difference;
import shootdown.host.fuzz.Fuzzer;
import shootdown.host.fuzz.PairFuzzer;
import shootdown.host.fuzz.Repertoire;
import shootdown.host.fuzz.SmallTwin;
import shootdown.host.fuzz.Tally;
import shootdown.host.run.HostFailure;
import shootdown.litmus.Printer;
import shootdown.model.Checker;

/// `shootdown fuzz`: random programs on the model and on this machine's kernel.
@Command(
    name = "fuzz",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false,
    description = {
      "Runs random programs of system calls on the model and on this machine's Linux kernel, and"
          + " compares every result, signal, and word of memory and file.",
      "Programs of two threads are searched exhaustively on the model, and everything that this"
          + " machine shows must be among the outcomes.",
      "What differs is made small and printed as a litmus test."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all programs end alike",
      "1:some differ: the model is wrong, or the kernel, or they are of different releases",
      "2:bad input or usage",
      "4:programs cannot be run here",
      "70:a bug in Shootdown"
    })
final class FuzzCommand implements Callable<Integer> {
  private static final int PROGRAMS_FOR_A_PAIR = 200;

  /// What programs can be compared with.
  enum Against {
    HOST,
    SMALL
  }

  @Option(
      names = "--against",
      required = true,
      paramLabel = "host|small",
      description = {
        "host: this machine's kernel",
        "small: the model itself, without huge pages: programs about huge pages, of one thread"
      })
  private Against against;

  @Option(
      names = "--about",
      paramLabel = "all|huge",
      defaultValue = "all",
      description = "all: the whole table of system calls; huge: huge pages; default: all")
  private Repertoire repertoire;

  @Option(
      names = "--programs",
      paramLabel = "N",
      converter = Values.Count.class,
      defaultValue = "1000",
      description = "how many: 20000, 20k, 1M; default: 1000")
  private long programs;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "how many programs of two threads besides; default: one for "
          + PROGRAMS_FOR_A_PAIR + " programs")
  private long pairs = -1;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      converter = Values.Count.class,
      defaultValue = "1000",
      description = "how often this machine runs each program of two threads; default: 1000")
  private long rounds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "of the programs; default: 1")
  private long seed;

  @Option(
      names = "--from",
      paramLabel = "K",
      defaultValue = "0",
      description = "number of the first program; default: 0")
  private long first;

  @Option(
      names = "--differences",
      paramLabel = "N",
      defaultValue = "20",
      description = "ends after N programs that differ; default: 20")
  private int most;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "where the programs' files are made (they decide on the file system);"
          + " default: the folder for temporary files")
  private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--kernel",
      paramLabel = "SPEC",
      description = "the model's kernel; default: the release of this machine's, if the model"
          + " knows it, else " + Checker.DEFAULT_KERNEL)
  private String kernel;

  @Spec private CommandSpec spec;

  private final Screen screen;

  FuzzCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws BadInput {
    kernel = HostModel.kernel(kernel);
    folder = folder.toAbsolutePath();
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    var tally = new Tally();
    if (against == Against.SMALL) {
      new SmallTwin(kernel, tally)
          .run(seed, first, first + programs, most, d -> print(out, d, "small pages", "huge"));
      summary(out, tally, start);
      return exitCode(tally);
    }
    try {
      new Fuzzer(repertoire, folder, kernel, tally)
          .run(
              seed, first, first + programs, most, d -> print(out, d), t -> progress(t, start));
      long pairs = this.pairs >= 0 ? this.pairs : programs / PROGRAMS_FOR_A_PAIR;
      new PairFuzzer(repertoire, folder, kernel, rounds, tally)
          .run(
              seed, first, first + pairs, most, d -> print(out, d), t -> progress(t, start));
    } catch (HostFailure e) {
      out.println("not runnable here: " + e.getMessage());
      return ExitCode.NOTHING_RUN.code();
    }
    summary(out, tally, start);
    return exitCode(tally);
  }

  private static int exitCode(Tally tally) {
    return (tally.differences() == 0 ? ExitCode.AS_STATED : ExitCode.VERDICT_DIFFERS).code();
  }

  private void summary(PrintWriter out, Tally tally, long start) {
    out.printf(
        Locale.ROOT,
        "%,d programs and the model %s against the %s: %,d agree, %,d differ%n",
        tally.programs(), kernel, against.name().toLowerCase(Locale.ROOT), tally.agreements(),
        tally.differences());
    out.printf(
        Locale.ROOT,
        "not compared: %,d at a limit of the model (%.2f %%), %,d wait for ever, %,d of two threads"
            + " undecided%n",
        tally.limitedOnes(), 100.0 * tally.limitedOnes() / Math.max(1, tally.programs()),
        tally.waits(), tally.undecidedOnes());
    tally.limits().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(e -> out.printf(Locale.ROOT, "%,10d  %s%n", e.getValue(), e.getKey()));
    out.printf(Locale.ROOT, "%.1f s%n", (System.nanoTime() - start) / 1e9);
    out.flush();
  }

  private void progress(Tally tally, long start) {
    if (screen.err()) {
      var err = spec.commandLine().getErr();
      err.printf(
          Locale.ROOT,
          "\r%,d programs, %,d differ, %.0f s ",
          tally.programs(), tally.differences(),
          (System.nanoTime() - start) / 1e9);
      err.flush();
    }
  }

  private static void print(PrintWriter out, Difference difference) {
    print(out, difference, "the model", "the host");
  }

  private static void print(
      PrintWriter out, Difference difference, String first, String second) {
    out.println(Printer.print(difference.test()));
    out.println("(*");
    difference.values(first, second).lines().forEach(line -> out.println(" * " + line));
    out.println(" *)");
    out.println();
    out.flush();
  }
}
