package shootdown.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import shootdown.litmus.ParseResult;
import shootdown.model.coverage.CoverageTable;
import shootdown.model.coverage.LeftOut;
import shootdown.model.coverage.Modelled;
import shootdown.model.coverage.TestCoverage;

/// `shootdown coverage`: what of Linux is modelled, and which tests run it.
@Command(
    name = "coverage",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Says which functions of Linux are modelled, in part or not, and which tests run each.",
      "Compares with docs/COVERAGE.md, or writes it."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the page is up to date, or was written",
      "1:it is not, or something is both modelled and left out",
      "2:bad input or usage",
      "70:a bug in Shootdown"
    })
final class CoverageCommand implements Callable<Integer> {
  @Option(names = "--write", description = "writes the page anew")
  private boolean write;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      defaultValue = "docs/COVERAGE.md",
      description = "the page; default: docs/COVERAGE.md")
  private Path page;

  @Option(
      names = "--left-out",
      paramLabel = "FILE",
      defaultValue = "docs/left-out.txt",
      description = "what is not modelled, and why; default: docs/left-out.txt")
  private Path leftOut;

  @Option(
      names = "--tests",
      paramLabel = "DIR",
      defaultValue = "litmus",
      description = "the tests to run; default: litmus")
  private Path tests;

  @Option(
      names = "-j",
      paramLabel = "N",
      converter = Values.Width.class,
      description = "runs N tests at a time (default: 2)")
  private int width = 2;

  @Option(
      names = "--quick",
      description = "runs no tests: takes over what the page says of them")
  private boolean quick;

  @Spec private CommandSpec spec;

  private final Screen screen;

  CoverageCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws BadInput {
    PrintWriter out = spec.commandLine().getOut();
    var modelled = Modelled.all();
    var not = leftOut();
    var both = CoverageTable.contradictions(modelled, not);
    both.forEach(what -> out.println("both modelled and left out: " + what));
    var text = CoverageTable.of(modelled, not, quick ? List.of() : ran());
    text = quick ? CoverageTable.withTestsOf(old(), text) : text;
    boolean current = write || old().equals(text);
    if (write) {
      write(text);
    } else if (!current) {
      out.println(page + " is out of date: shootdown coverage --write");
    }
    out.println(CoverageTable.summary(modelled, not));
    out.flush();
    return (current && both.isEmpty() ? ExitCode.AS_STATED : ExitCode.VERDICT_DIFFERS).code();
  }

  private List<TestCoverage> ran() throws BadInput {
    Map<String, ParseResult.Parsed> all = LitmusFiles.read(List.of(tests));
    var workers = new MutantWorkers(width, screen.err() ? spec.commandLine().getErr() : null);
    return workers.each(
        "tests",
        List.copyOf(all.entrySet()),
        test -> TestCoverage.of(test.getKey(), test.getValue()));
  }

  private String old() throws BadInput {
    try {
      return Files.exists(page) ? Files.readString(page) : "";
    } catch (IOException e) {
      throw new BadInput(page + ": cannot be read: " + e.getMessage());
    }
  }

  private List<LeftOut> leftOut() throws BadInput {
    try {
      return LeftOut.of(Files.readAllLines(leftOut));
    } catch (IOException e) {
      throw new BadInput(leftOut + ": cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException wrong) {
      throw new BadInput(leftOut + ": " + wrong.getMessage());
    }
  }

  private void write(String text) throws BadInput {
    try {
      Files.writeString(page, text);
    } catch (IOException e) {
      throw new BadInput(page + ": cannot be written: " + e.getMessage());
    }
  }
}
