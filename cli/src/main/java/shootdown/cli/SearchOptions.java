package shootdown.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import shootdown.check.Search;
import shootdown.check.Window;

/// Which interleavings to look at: `--search`, `--runs`, `--seed`.
final class SearchOptions {
  private static final long DEFAULT_RUNS = 10_000;
  private static final long DEFAULT_SEARCHES = 16;
  private static final int DEFAULT_DEPTH = 3;

  @Option(
      names = "--search",
      paramLabel = "HOW",
      converter = How.class,
      defaultValue = "exhaustive",
      description = {
        "exhaustive (default): all interleavings; proves Never. For what is too large:",
        "preemptions:N (all that stop a task N times at most), random,",
        "pct or pct:DEPTH (random priorities, default depth 3), swarm (many small searches)"
      })
  private How.Asked how;

  @Option(
      names = "--runs",
      paramLabel = "N",
      converter = Values.Count.class,
      description =
          "of random and pct: N runs (default 10000); of swarm: N searches (default 16);"
              + " with --time alone, until then")
  private Long runs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of all that is random in a search (default 0): the same seed, the same result")
  private long seed;

  @Option(
      names = "--window",
      paramLabel = WindowValue.TEXT,
      converter = WindowValue.class,
      description = {
        "with --search random: runs in simulated time, in which a task stays for TIME (default",
        "10ms) before a step, or after it, as an msleep() there would make it; see `odds`"
      })
  private List<Window> windows = new ArrayList<>();

  long seed() {
    return seed;
  }

  List<Window> windows() {
    return List.copyOf(windows);
  }

  /// @param timed whether time ends a search that has no other end
  Search search(boolean timed) throws BadInput {
    if (runs != null && !how.kind.samples) {
      throw new BadInput(
          "shootdown: --runs is for random, pct and swarm, and --search is " + how.kind.word);
    }
    if (!windows.isEmpty() && how.kind != Kind.RANDOM) {
      throw new BadInput(
          "shootdown: --window is for --search random, and --search is " + how.kind.word);
    }
    return switch (how.kind) {
      case EXHAUSTIVE -> new Search.Exhaustive();
      case PREEMPTIONS -> new Search.Preemptions(how.number.orElseThrow());
      case RANDOM ->
          windows.isEmpty()
              ? new Search.Random(runs(timed, DEFAULT_RUNS))
              : new Search.Timed(runs(timed, DEFAULT_RUNS), windows);
      case PCT -> new Search.Pct(how.number.orElse(DEFAULT_DEPTH), runs(timed, DEFAULT_RUNS));
      case SWARM ->
          new Search.Swarm(runs(timed, DEFAULT_SEARCHES), Search.Swarm.TABLE_BITS);
    };
  }

  private long runs(boolean timed, long otherwise) {
    if (runs != null) {
      return runs;
    }
    return timed ? Long.MAX_VALUE : otherwise;
  }

  /// Kinds of searches.
  private enum Kind {
    EXHAUSTIVE("exhaustive", false),
    PREEMPTIONS("preemptions", false),
    RANDOM("random", true),
    PCT("pct", true),
    SWARM("swarm", true);

    private final String word;
    private final boolean samples;

    Kind(String word, boolean samples) {
      this.word = word;
      this.samples = samples;
    }
  }

  /// Reads what `--search` takes.
  static final class How implements ITypeConverter<How.Asked> {
    private static final Pattern FORM = Pattern.compile("([a-z]+)(?::(\\d{1,9}))?");

    /// A kind, and the number after it.
    record Asked(Kind kind, Optional<Integer> number) {}

    @Override
    public Asked convert(String text) {
      var match = FORM.matcher(text);
      if (match.matches()) {
        for (Kind kind : Kind.values()) {
          if (kind.word.equals(match.group(1))) {
            return asked(kind, Optional.ofNullable(match.group(2)).map(Integer::valueOf), text);
          }
        }
      }
      throw new TypeConversionException(
          "there is no search '" + text + "': exhaustive, preemptions:N, random, pct or swarm");
    }

    private static Asked asked(Kind kind, Optional<Integer> number, String text) {
      boolean takesOne = kind == Kind.PREEMPTIONS || kind == Kind.PCT;
      if (number.isPresent() && !takesOne) {
        throw new TypeConversionException(
            "'" + text + "': " + kind.word + " takes no number (see --runs)");
      }
      if (number.isEmpty() && kind == Kind.PREEMPTIONS) {
        throw new TypeConversionException("'" + text + "': how many? expected like preemptions:2");
      }
      int least = kind == Kind.PCT ? 1 : 0;
      if (number.filter(n -> n < least || n > 100).isPresent()) {
        throw new TypeConversionException(
            "'" + text + "': expected a number from " + least + " to 100");
      }
      return new Asked(kind, number);
    }
  }
}
