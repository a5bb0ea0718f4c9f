package shootdown.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import shootdown.model.mutants.Campaign;
import shootdown.model.mutants.Hunt;
import shootdown.model.mutants.Scenario;

/// `shootdown hunt`: looks for tests that catch a mutant.
@Command(
    name = "hunt",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false,
    description = {
      "Looks for litmus tests that catch mutants which no test catches yet: makes random programs"
          + " out of the tests that come by the mutant's step, explores each with the step and"
          + " without it, and prints those that differ, made small."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a test was found for each mutant",
      "2:bad input or usage",
      "3:for some mutants none was found",
      "70:a bug in Shootdown"
    })
final class HuntCommand implements Callable<Integer> {
  @Parameters(
      arity = "1",
      split = ",",
      paramLabel = "NAME[,NAME…]",
      description = "mutants, as `mutants --list` names them")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--tests",
      paramLabel = "FILE|DIR",
      description = "tests to make others of; default: litmus")
  private List<Path> files = new ArrayList<>(List.of(Path.of("litmus")));

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "of the programs; default: 1")
  private long seed;

  @Option(
      names = "--programs",
      paramLabel = "N",
      converter = Values.Count.class,
      defaultValue = "2000",
      description = "how many: 20000, 20k, 1M; default: 2000")
  private long programs;

  @Option(
      names = "--states",
      paramLabel = "N",
      converter = Values.Count.class,
      defaultValue = "20000",
      description = "gives a program up that has more; default: 20000")
  private long mostStates;

  @Option(
      names = "--today",
      description = "today's kernel alone; otherwise older releases, too")
  private boolean today;

  @Option(names = "--all", description = "goes on when each mutant is caught")
  private boolean all;

  @Spec private CommandSpec spec;

  private final Screen screen;

  HuntCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws BadInput {
    PrintWriter out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    var campaign = new Campaign(new MutantWorkers(2, screen.err() ? err : null));
    var scenarios = new ArrayList<Scenario>();
    LitmusFiles.read(files)
        .forEach(
            (file, test) ->
                Campaign.MACHINES.forEach(m -> scenarios.add(new Scenario(file, test, m))));
    campaign.prepare(scenarios);
    var unknown =
        names.stream().filter(name -> !campaign.sites().containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      throw new BadInput(
          "shootdown: no test comes by " + String.join(", ", unknown) + ": see mutants --list");
    }
    var hunt = new Hunt(campaign, names, new Hunt.Options(seed, mostStates, today));
    var caught = new LinkedHashSet<String>();
    for (long n = 0; n < programs && (all || caught.size() < names.size()); n++) {
      for (var found : hunt.program(n)) {
        if (caught.add(found.site()) || all) {
          out.println("(* " + found.site() + ": " + found.summary() + " *)");
          out.println(found.text());
          out.flush();
        }
      }
      if (screen.err()) {
        err.print("\r" + (n + 1) + " programs, " + caught.size() + " caught ");
        err.flush();
      }
    }
    out.println(
        hunt.complete() + " programs explored, tests for " + caught.size() + " of "
            + names.size() + " mutants found");
    return (caught.size() == names.size() ? ExitCode.AS_STATED : ExitCode.UNDECIDED).code();
  }
}
