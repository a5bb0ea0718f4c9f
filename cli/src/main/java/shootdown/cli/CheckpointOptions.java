package shootdown.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import shootdown.check.Search;
import shootdown.litmus.ParseResult;
import shootdown.model.CheckRequest;

/// Where searches are kept: `--checkpoint`.
final class CheckpointOptions {
  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = {
        "keeps the runs in FILE (and FILE.1 ...), and goes on from there if FILE is there: after",
        "the end of the process, however it came, at most a minute of work is lost"
      })
  private Path file;

  @Option(names = "--checkpoint-every", hidden = true, converter = Values.Time.class)
  private Duration every = Duration.ofSeconds(45);

  /// Refuses a request that cannot be kept.
  void check(CheckRequest request) throws BadInput {
    if (file == null) {
      return;
    }
    if (!(request.search() instanceof Search.Exhaustive)) {
      throw new BadInput(
          "shootdown: --checkpoint keeps exhaustive searches, and --search is "
              + request.search().label());
    }
    if (request.schedule().isPresent()) {
      throw new BadInput("shootdown: --checkpoint has nothing to keep of one --schedule");
    }
    if (request.mutation().site().isPresent()) {
      throw new BadInput("shootdown: --checkpoint does not keep runs with --mutate");
    }
  }

  /// The runs, kept, if that is asked for.
  ///
  /// @param says prints a line for people
  Optional<KeptRuns> open(
      List<Job> jobs,
      Map<String, ParseResult.Parsed> tests,
      CheckRequest request,
      Consumer<String> says)
      throws BadInput {
    if (file == null) {
      return Optional.empty();
    }
    var of = new TreeMap<String, String>();
    of.put("classes of Shootdown", OwnClasses.digest());
    of.put("--seed", Long.toString(request.seed()));
    of.put("--memory", request.memory() == Long.MAX_VALUE ? "none" : "" + request.memory());
    of.put("--workers", request.workers() == 1 ? "1" : "several");
    request.own().machines().forEach(machine -> of.put(machine.name(), machine.toString()));
    request.own().fixes()
        .forEach(fix -> of.put(fix.file(), Digest.of(fix.source().lines().toList())));
    Map<String, String> texts = new TreeMap<>();
    tests.forEach((name, test) -> texts.put(name, Digest.of(test.source().lines())));
    var runs =
        jobs.stream()
            .map(
                job ->
                    job.file() + " " + job.kernel() + " " + job.machine() + ", text "
                        + texts.get(job.file()))
            .toList();
    var how = new KeptRuns.Request(file, every, of, says, System::nanoTime);
    return Optional.of(new KeptRuns(how, runs));
  }
}
