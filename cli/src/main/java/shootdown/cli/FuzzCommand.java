package shootdown.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import shootdown.host.fuzz.Difference;
import shootdown.host.fuzz.Fuzzer;
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
      "Runs random programs of one thread on the model and on this machine's Linux kernel, and"
          + " compares every result, signal, and word of memory and file.",
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
  /// What programs can be compared with.
  enum Against {
    HOST
  }

  @Option(
      names = "--against",
      required = true,
      paramLabel = "host",
      description = "host: this machine's kernel")
  private Against against;

  @Option(
      names = "--programs",
      paramLabel = "N",
      converter = Values.Count.class,
      defaultValue = "1000",
      description = "how many: 20000, 20k, 1M; default: 1000")
  private long programs;

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
      defaultValue = Checker.DEFAULT_KERNEL,
      description = "the model's kernel; default: ${DEFAULT-VALUE}")
  private String kernel;

  @Spec private CommandSpec spec;

  private final Screen screen;

  FuzzCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    var fuzzer = new Fuzzer(folder, kernel, tally -> progress(tally, start));
    try {
      fuzzer.run(seed, first, first + programs, most, difference -> print(out, difference));
    } catch (HostFailure e) {
      out.println("not runnable here: " + e.getMessage());
      return ExitCode.NOTHING_RUN.code();
    }
    var tally = fuzzer.tally();
    out.printf(
        Locale.ROOT,
        "%,d programs compared with %s, %,d differ; %,d were too large for the model; %.1f s%n",
        tally.compared(), against.name().toLowerCase(Locale.ROOT), tally.differences(),
        tally.tooLarge(), (System.nanoTime() - start) / 1e9);
    out.flush();
    return (tally.differences() == 0 ? ExitCode.AS_STATED : ExitCode.VERDICT_DIFFERS).code();
  }

  private void progress(Fuzzer.Tally tally, long start) {
    if (screen.err()) {
      var err = spec.commandLine().getErr();
      err.printf(
          Locale.ROOT,
          "\r%,d programs, %,d differ, %.0f s ",
          tally.compared() + tally.tooLarge(), tally.differences(),
          (System.nanoTime() - start) / 1e9);
      err.flush();
    }
  }

  private static void print(PrintWriter out, Difference difference) {
    out.println(Printer.print(difference.test()));
    out.println("(*");
    difference.values().lines().forEach(line -> out.println(" * " + line));
    out.println(" *)");
    out.println();
    out.flush();
  }
}
