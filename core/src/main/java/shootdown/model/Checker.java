package shootdown.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import shootdown.kernel.Timeline;
import shootdown.kernel.history.KernelSpec;
import shootdown.litmus.Diagnostic;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.litmus.ResultLine;
import shootdown.litmus.Selector;
import shootdown.machine.MachineProfile;
import shootdown.machine.Profiles;

/// Plans the runs that a test and a request ask for: each release on each machine.
public final class Checker {
  /// The machine of a test that names none.
  public static final String DEFAULT_MACHINE = "x86-64";

  /// The kernel of a test that names none.
  public static final String DEFAULT_KERNEL = "latest";

  private final ParseResult.Parsed parsed;
  private final String file;
  private final CheckRequest request;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  private Checker(ParseResult.Parsed parsed, String file, CheckRequest request) {
    this.parsed = parsed;
    this.file = file;
    this.request = request;
  }

  /// Plans.
  ///
  /// @param parsed the test
  /// @param file its path as results name it
  /// @throws BadRequest if the request names what does not exist
  public static Plan plan(ParseResult.Parsed parsed, String file, CheckRequest request)
      throws BadRequest {
    return new Checker(parsed, file, request).plan();
  }

  private Plan plan() throws BadRequest {
    for (var line : parsed.test().header().results()) {
      examine(line);
    }
    diagnostics.addAll(Supported.diagnostics(parsed));
    for (var kernel : request.kernels()) {
      spec(kernel);
    }
    for (var machine : request.machines()) {
      machine(machine);
    }
    if (!diagnostics.isEmpty()) {
      return new Plan.Refused(diagnostics);
    }
    var runs = new ArrayList<Planned>();
    for (var pair : pairs()) {
      runs.add(
          new Planned(
              parsed.test(), file, spec(pair.kernel()), machine(pair.machine()), request));
    }
    return new Plan.Runs(runs);
  }

  /// A kernel and a machine to run on.
  private record Pair(String kernel, String machine) {}

  private Set<Pair> pairs() {
    LitmusTest test = parsed.test();
    var pairs = new LinkedHashSet<Pair>();
    for (var line : test.header().results()) {
      var kernels =
          request.kernels().isEmpty()
              ? List.of(or(Expectations.text(line.release()), DEFAULT_KERNEL))
              : request.kernels();
      var machines =
          request.machines().isEmpty()
              ? List.of(or(Expectations.text(line.machine()), DEFAULT_MACHINE))
              : request.machines();
      kernels.forEach(k -> machines.forEach(m -> pairs.add(new Pair(k, m))));
    }
    if (!request.kernels().isEmpty() && request.machines().isEmpty()) {
      return stated(test, pairs);
    }
    if (pairs.isEmpty()) {
      var kernels = request.kernels().isEmpty() ? List.of(DEFAULT_KERNEL) : request.kernels();
      var machines =
          request.machines().isEmpty() ? List.of(DEFAULT_MACHINE) : request.machines();
      kernels.forEach(k -> machines.forEach(m -> pairs.add(new Pair(k, m))));
    }
    return pairs;
  }

  /// With `--kernel` alone: the machines that the test names for that kernel, else the default.
  private Set<Pair> stated(LitmusTest test, Set<Pair> candidates) {
    var kept = new LinkedHashSet<Pair>();
    for (var kernel : request.kernels()) {
      test.header().results().stream()
          .filter(l -> Expectations.text(l.release()).equals(kernel))
          .map(l -> new Pair(kernel, or(Expectations.text(l.machine()), DEFAULT_MACHINE)))
          .filter(candidates::contains)
          .forEach(kept::add);
      if (kept.stream().noneMatch(p -> p.kernel().equals(kernel))) {
        kept.add(new Pair(kernel, DEFAULT_MACHINE));
      }
    }
    return kept;
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private void examine(ResultLine line) {
    if (line.release() instanceof Selector.Named(var text, var at)) {
      try {
        KernelSpec.parse(text, Timeline.all());
      } catch (KernelSpec.SpecException e) {
        diagnostics.add(parsed.source().diagnostic(at, e.getMessage()));
      }
    }
    if (line.machine() instanceof Selector.Named(var text, var at)
        && Profiles.find(text).isEmpty()) {
      diagnostics.add(parsed.source().diagnostic(at, noMachine(text)));
    }
  }

  private static KernelSpec spec(String text) throws BadRequest {
    try {
      return KernelSpec.parse(text, Timeline.all());
    } catch (KernelSpec.SpecException e) {
      throw new BadRequest(e.getMessage());
    }
  }

  private static MachineProfile machine(String name) throws BadRequest {
    return Profiles.find(name).orElseThrow(() -> new BadRequest(noMachine(name)));
  }

  private static String noMachine(String name) {
    return "there is no machine '" + name + "': "
        + String.join(", ", Profiles.all().stream().map(MachineProfile::name).toList());
  }
}
