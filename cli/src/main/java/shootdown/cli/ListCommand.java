package shootdown.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import shootdown.kernel.Timeline;
import shootdown.litmus.Header;
import shootdown.litmus.ParseResult;
import shootdown.litmus.ResultLine;
import shootdown.litmus.Selector;
import shootdown.machine.MachineProfile;
import shootdown.machine.Profiles;

/// `shootdown list`: what there is to check with.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Lists what there is to check with.")
final class ListCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "List what?");
  }

  @Command(
      name = "kernels",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = "Lists the releases at which a kernel begins to differ from the one before.",
      footer = {
        "%nEvery mainline release from v2.6.12 on can be checked, candidates too. A kernel is",
        "  v4.9-rc5               a release",
        "  latest                 the newest one",
        "  latest-5d1904204c99    a release without a fix that it has",
        "  v4.8+5d1904204c99      a release with a fix that it lacks; more can follow",
        "  v4.8+MyFix.java        a release with a fix of your own, which comes last",
        "  MyFix.java             the same for the newest one",
        "`shootdown list fixes` lists the fixes."
      })
  void kernels() {
    print(new KernelList(Timeline.all()).kernels());
  }

  @Command(
      name = "fixes",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = "Lists the commits whose effect is modelled, and the decision each changes.",
      footer = {
        "%nFIRST IN  the first release that has it; - for a variant that was never merged: only",
        "          +FIX selects it"
      })
  void fixes() {
    print(new KernelList(Timeline.all()).fixes());
  }

  @Command(
      name = "machines",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = "Lists the machines and what each guarantees.",
      footer = {
        "%nyoung, dirty  who sets the bits in a PTE: the table walker (hw) or a page fault (sw)",
        "shootdown     how other CPUs' TLBs are invalidated",
        "fault         whether a page fault drops the TLB entry that caused it, or keeps it",
        "relax         which TLBs are flushed when a fault makes a PTE more permissive",
        "spurious      which TLBs are flushed when a write fault finds that the PTE allows it",
        "clear         which TLBs are flushed when a PTE is made old",
        "stores        tso: plain stores wait in a buffer that later loads overtake",
        "`--machine FILE.txt` checks on one of your own: docs/adding.md."
      })
  void machines() {
    var table =
        new Table()
            .row(
                "NAME", "YOUNG", "DIRTY", "SHOOTDOWN", "FAULT", "RELAX", "SPURIOUS", "CLEAR",
                "STORES", "DESCRIPTION");
    for (MachineProfile m : Profiles.all()) {
      table.row(
          m.name(),
          m.hardwareYoung() ? "hw" : "sw",
          m.hardwareDirty() ? "hw" : "sw",
          lower(m.shootdown()),
          m.faultDropsEntry() ? "drops" : "keeps",
          lower(m.relaxFlush()),
          lower(m.spuriousFlush()),
          lower(m.youngFlush()),
          lower(m.order()),
          m.description());
    }
    print(table.lines());
  }

  @Command(
      name = "tests",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = "Lists litmus tests and what they state.")
  void tests(
      @Parameters(
              arity = "0..*",
              paramLabel = "FILE|DIR",
              description = "tests, and folders with tests; default: litmus")
          List<Path> files)
      throws BadInput {
    List<Path> where = files == null || files.isEmpty() ? List.of(Path.of("litmus")) : files;
    var table = new Table();
    for (Map.Entry<String, ParseResult.Parsed> test : LitmusFiles.read(where).entrySet()) {
      table.row(test.getKey(), stated(test.getValue().test().header()));
    }
    print(table.lines());
  }

  private static String stated(Header header) {
    return header.results().isEmpty()
        ? "states nothing"
        : header.results().stream().map(ListCommand::stated).collect(Collectors.joining("; "));
  }

  private static String stated(ResultLine line) {
    var parts = new StringBuilder();
    for (Selector selector : List.of(line.release(), line.machine())) {
      if (selector instanceof Selector.Named(var text, _)) {
        parts.append(text).append(' ');
      }
    }
    parts.append(line.verdict().label());
    for (var oracle : line.oracles()) {
      boolean first = parts.isEmpty() || parts.charAt(parts.length() - 1) == ' ';
      parts.append(first ? "" : ", ").append(oracle.label());
    }
    return parts.toString();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }
}
