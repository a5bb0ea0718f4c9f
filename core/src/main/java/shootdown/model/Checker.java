package shootdown.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import shootdown.check.Search;
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
    var diagnostics = examine(parsed);
    for (var kernel : request.kernels()) {
      spec(kernel);
    }
    for (var machine : request.machines()) {
      machine(machine);
    }
    if (!diagnostics.isEmpty()) {
      return new Plan.Refused(diagnostics);
    }
    if (request.search() instanceof Search.Timed) {
      mustHaveCpusOfTheirOwn();
    }
    var runs = new ArrayList<Planned>();
    for (var pair : pairs()) {
      runs.add(
          new Planned(
              parsed.test(), file, spec(pair.kernel()), machine(pair.machine()), request));
    }
    return new Plan.Runs(runs);
  }

  /// In simulated time, who shares a CPU would have to take turns.
  private void mustHaveCpusOfTheirOwn() throws BadRequest {
    var owners = new HashMap<Integer, String>();
    for (var thread : parsed.test().threads()) {
      var other = owners.put(thread.cpu(), thread.name());
      if (other != null) {
        throw new BadRequest(
            parsed.test().name() + ": " + other + " and " + thread.name() + " share CPU "
                + thread.cpu() + ", and in simulated time each thread needs one of its own");
      }
    }
  }

  /// The machines that a test's `Result:` lines name, and the usual one; those there are.
  public static Set<String> machinesOf(LitmusTest test) {
    var machines = new LinkedHashSet<String>();
    machines.add(DEFAULT_MACHINE);
    test.header().results().stream()
        .map(line -> Expectations.text(line.machine()))
        .filter(name -> Profiles.find(name).isPresent())
        .forEach(machines::add);
    return machines;
  }

  /// A kernel and a machine to run on.
  private record Pair(String kernel, String machine) {}

  /// What is asked for, else what the test's lines name, else the defaults; `--kernel` alone means
  /// the default machine.
  private Set<Pair> pairs() {
    var pairs = new LinkedHashSet<Pair>();
    boolean open = request.kernels().isEmpty() && request.machines().isEmpty();
    for (var line : parsed.test().header().results()) {
      if (open) {
        pairs.add(
            new Pair(
                or(Expectations.text(line.release()), DEFAULT_KERNEL),
                or(Expectations.text(line.machine()), DEFAULT_MACHINE)));
      }
    }
    if (!pairs.isEmpty()) {
      return pairs;
    }
    var machines =
        request.machines().isEmpty() ? List.of(DEFAULT_MACHINE) : request.machines();
    kernels().forEach(k -> machines.forEach(m -> pairs.add(new Pair(k, m))));
    return pairs;
  }

  private Set<String> kernels() {
    if (!request.kernels().isEmpty()) {
      return new LinkedHashSet<>(request.kernels());
    }
    var named = new LinkedHashSet<String>();
    for (var line : parsed.test().header().results()) {
      named.add(or(Expectations.text(line.release()), DEFAULT_KERNEL));
    }
    return named.isEmpty() ? Set.of(DEFAULT_KERNEL) : named;
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  /// What a test asks for and the model does not have: releases, machines, system calls.
  public static List<Diagnostic> examine(ParseResult.Parsed parsed) {
    var diagnostics = new ArrayList<Diagnostic>();
    for (var line : parsed.test().header().results()) {
      examine(parsed, line, diagnostics);
    }
    diagnostics.addAll(Supported.diagnostics(parsed));
    return diagnostics;
  }

  private static void examine(
      ParseResult.Parsed parsed, ResultLine line, List<Diagnostic> diagnostics) {
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

  private KernelSpec spec(String text) throws BadRequest {
    try {
      return KernelSpec.parse(text, Timeline.all(), request.own().fixes());
    } catch (KernelSpec.SpecException e) {
      throw new BadRequest(e.getMessage());
    }
  }

  private MachineProfile machine(String name) throws BadRequest {
    return request.own().machine(name).orElseThrow(() -> new BadRequest(noMachine(name)));
  }

  private static String noMachine(String name) {
    return "there is no machine '" + name + "': "
        + String.join(", ", Profiles.all().stream().map(MachineProfile::name).toList());
  }
}
