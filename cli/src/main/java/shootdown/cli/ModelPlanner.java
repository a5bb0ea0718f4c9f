package shootdown.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import shootdown.check.Checkpoint;
import shootdown.litmus.Diagnostic;
import shootdown.litmus.ParseResult;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Plan;
import shootdown.model.Planned;
import shootdown.model.TestResult;

/// Plans runs on the model.
final class ModelPlanner implements Planner {
  @Override
  public List<Job> plan(
      Map<String, ParseResult.Parsed> tests, CheckRequest request, Predicate<TestResult> shows)
      throws BadInput {
    List<Job> jobs = new ArrayList<>();
    List<Planned> all = new ArrayList<>();
    // All that is wrong, once: what the request asks for is as wrong for each test.
    Set<String> wrong = new LinkedHashSet<>();
    for (Map.Entry<String, ParseResult.Parsed> test : tests.entrySet()) {
      String file = test.getKey();
      try {
        switch (Checker.plan(test.getValue(), file, request)) {
          case Plan.Runs(var runs) -> {
            runs.forEach(run -> jobs.add(job(file, test.getValue(), run, shows)));
            all.addAll(runs);
          }
          case Plan.Refused(var diagnostics) -> {
            for (Diagnostic diagnostic : diagnostics) {
              wrong.add(diagnostic.render(file));
            }
          }
        }
      } catch (BadRequest bad) {
        wrong.add("shootdown: " + bad.getMessage());
      }
    }
    if (all.size() == 1) {
      all.getFirst().misfit().ifPresent(why -> wrong.add("shootdown: " + why));
    }
    if (!wrong.isEmpty()) {
      throw new BadInput(List.copyOf(wrong));
    }
    return jobs;
  }

  private static Job job(
      String file, ParseResult.Parsed parsed, Planned run, Predicate<TestResult> shows) {
    return new Job(file, parsed.test(), run.kernel(), run.machine(), new Model(run, shows));
  }

  private record Model(Planned planned, Predicate<TestResult> shows) implements Job.Check {
    @Override
    public TestResult run() {
      return planned.run(shows);
    }

    @Override
    public Job.Check keptIn(Checkpoint checkpoint) {
      return new Model(planned.keptIn(checkpoint), shows);
    }
  }
}
