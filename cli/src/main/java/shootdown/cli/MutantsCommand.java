package shootdown.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import shootdown.litmus.ParseResult;
import shootdown.model.Checker;
import shootdown.model.mutants.CallSites;
import shootdown.model.mutants.Campaign;
import shootdown.model.mutants.Explanations;
import shootdown.model.mutants.Mutant;
import shootdown.model.mutants.MutantTable;
import shootdown.model.mutants.Scenario;

/// `shootdown mutants`: switches off one step of the kernel after another, and says which test
/// notices.
@Command(
    name = "mutants",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false,
    description = {
      "Switches off each lock, flush, atomic update and re-check of the latest kernel, one at a"
          + " time, and runs the tests that come by it until one behaves otherwise. If none does,"
          + " they are run with the older kernels that they name."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all are caught, or it is explained why not",
      "1:a mutant survives and nobody says why, or an explanation is out of date",
      "2:bad input or usage",
      "70:a bug in Shootdown"
    })
final class MutantsCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "FILE|DIR",
      description = "tests to run, litmus if none is named")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "these mutants, as the table names them")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "N of them, evenly spread")
  private Integer sample;

  @Option(names = "--survivors", description = "those that the table does not call caught")
  private boolean survivors;

  @Option(
      names = "--quick",
      description = "those that the table calls caught, by the test that it names, and no other")
  private boolean quick;

  @Option(
      names = "--why",
      description = "runs no mutant: tells what happens that the named steps could be there for")
  private boolean tellsWhy;

  @Option(names = "--list", description = "names the mutants and runs none")
  private boolean list;

  @Option(
      names = "--machine",
      split = ",",
      paramLabel = "NAME",
      description = {
        "machines for tests of several threads, besides x86-64 and those that the test names;",
        "default: some that differ most"
      })
  private List<String> machines = Campaign.MACHINES;

  @Option(
      names = "--table",
      paramLabel = "FILE",
      defaultValue = "docs/MUTANTS.md",
      description = "what an earlier run found, asked first; default: docs/MUTANTS.md")
  private Path table;

  @Option(
      names = "--write",
      description = "writes the table anew; only those mutants that were run, if not all were")
  private boolean write;

  @Option(
      names = "--explained",
      paramLabel = "FILE",
      defaultValue = "docs/mutants-explained.txt",
      description = "why mutants survive; default: docs/mutants-explained.txt")
  private Path explained;

  @Option(
      names = "-j",
      paramLabel = "N",
      converter = Values.Width.class,
      description = "runs N tests at a time (default: 2)")
  private int width = 2;

  @Spec private CommandSpec spec;

  private final Screen screen;

  MutantsCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws BadInput {
    PrintWriter out = spec.commandLine().getOut();
    var remembered = MutantTable.read(linesOf(table));
    var tests = LitmusFiles.read(files.isEmpty() ? List.of(Path.of("litmus")) : files);
    var campaign =
        new Campaign(new MutantWorkers(width, screen.err() ? spec.commandLine().getErr() : null));
    var quickly = quick ? remembered(remembered.keySet()) : List.<String>of();
    var today = scenarios(tests);
    var older = Scenario.older(tests);
    if (quick) {
      var all = new ArrayList<>(today);
      all.addAll(older);
      campaign.prepare(catchers(all, remembered, quickly));
    } else {
      campaign.prepare(today);
      campaign.prepareLater(older);
    }
    campaign.leftOut().forEach(name -> out.println("not explored to its end: " + name));
    var gone = quickly.stream().filter(name -> !campaign.sites().containsKey(name)).toList();
    gone.forEach(name -> out.println("its test does not come by it: " + name));
    var names =
        quick
            ? quickly.stream().filter(name -> !gone.contains(name)).toList()
            : chosen(campaign, remembered.keySet());
    if (list) {
      names.forEach(name -> out.println(name + "  " + campaign.sites().get(name).words()));
      out.println(names.size() + " mutants");
      return ExitCode.AS_STATED.code();
    }
    if (tellsWhy) {
      names.forEach(name -> campaign.why(name).report().forEach(out::println));
      return ExitCode.AS_STATED.code();
    }
    boolean asStated = report(campaign, campaign.run(names, remembered), out) && gone.isEmpty();
    return (asStated ? ExitCode.AS_STATED : ExitCode.VERDICT_DIFFERS).code();
  }

  /// Tells whether all are caught, or explained.
  private boolean report(Campaign campaign, List<Mutant> mutants, PrintWriter out)
      throws BadInput {
    var why = explanations();
    mutants.forEach(mutant -> out.println(line(mutant, why)));
    boolean whole =
        only.isEmpty() && sample == null && files.isEmpty() && !survivors && !quick;
    var survived = mutants.stream().filter(m -> !m.isCaught()).map(Mutant::site).toList();
    var unused = whole ? why.unusedBy(survived) : List.<String>of();
    unused.forEach(name -> out.println("explained, but it does not survive: " + name));
    if (write) {
      write(
          whole
              ? MutantTable.of(mutants, why, CallSites.missing(campaign.lines()))
              : MutantTable.with(mutants, why, linesOf(table), exists(campaign)));
    }
    out.println(MutantTable.summary(mutants, why));
    return unused.isEmpty()
        && survived.stream().allMatch(name -> !quick && why.of(name).isPresent());
  }

  /// Where only some tests were run, others may come by a mutant.
  private Predicate<String> exists(Campaign campaign) {
    return files.isEmpty() && !quick ? campaign.sites()::containsKey : _ -> true;
  }

  private List<Scenario> scenarios(Map<String, ParseResult.Parsed> tests) throws BadInput {
    var scenarios = new ArrayList<Scenario>();
    try {
      tests.forEach(
          (file, parsed) -> {
            var where = new LinkedHashSet<>(Checker.machinesOf(parsed.test()));
            if (parsed.test().threads().size() > 1) {
              where.addAll(machines);
            }
            where.forEach(machine -> scenarios.add(new Scenario(file, parsed, machine)));
          });
    } catch (IllegalArgumentException noMachine) {
      throw new BadInput("shootdown: " + noMachine.getMessage());
    }
    return scenarios;
  }

  /// Those that caught these mutants.
  private static List<Scenario> catchers(
      List<Scenario> all, Map<String, Mutant.Catcher> remembered, List<String> names) {
    return all.stream()
        .filter(
            scenario ->
                names.stream()
                    .map(remembered::get)
                    .anyMatch(by -> by.is(scenario)))
        .toList();
  }

  private List<String> chosen(Campaign campaign, Set<String> caught) throws BadInput {
    var all = campaign.sites().keySet();
    return only.isEmpty()
        ? sampled(all.stream().filter(name -> !survivors || !caught.contains(name)).toList())
        : named(all, "no test comes by ");
  }

  /// Of those that the table calls caught.
  private List<String> remembered(Set<String> caught) throws BadInput {
    return only.isEmpty()
        ? sampled(List.copyOf(caught))
        : named(caught, table + " names no test that catches ");
  }

  /// @param no what is said of a name that is not among `all`
  private List<String> named(Set<String> all, String no) throws BadInput {
    var unknown = only.stream().filter(name -> !all.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new BadInput("shootdown: " + no + String.join(", ", unknown) + ": see --list");
    }
    return only;
  }

  private List<String> sampled(List<String> all) throws BadInput {
    if (sample == null || sample >= all.size()) {
      return all;
    }
    if (sample < 1) {
      throw new BadInput("shootdown: --sample takes a number from 1 on");
    }
    return IntStream.range(0, sample).mapToObj(i -> all.get(i * all.size() / sample)).toList();
  }

  private static String line(Mutant mutant, Explanations why) {
    return mutant
        .catcher()
        .map(
            by ->
                "caught    " + mutant.site() + "  " + by.file() + " on " + by.machine() + " at "
                    + by.kernel() + ": " + by.how())
        .orElseGet(
            () ->
                "survives  " + mutant.site() + "  "
                    + why.of(mutant.site()).orElse("not explained")
                    + (mutant.undecided().isEmpty()
                        ? ""
                        : "; undecided: " + String.join(", ", mutant.undecided())));
  }

  private Explanations explanations() throws BadInput {
    try {
      return Explanations.of(linesOf(explained));
    } catch (IllegalArgumentException wrong) {
      throw new BadInput(explained + ": " + wrong.getMessage());
    }
  }

  /// None if there is no such file: nothing was found or explained yet.
  private static List<String> linesOf(Path file) throws BadInput {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage());
    }
  }

  private void write(String text) throws BadInput {
    try {
      Files.writeString(table, text);
    } catch (IOException e) {
      throw new BadInput(table + ": cannot be written: " + e.getMessage());
    }
  }
}
