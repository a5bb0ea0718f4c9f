package shootdown.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Violation;

/// What a search has found, as a [Checkpoint] keeps it: with the run that shows each.
final class SavedFindings {
  private static final OpKind[] KINDS = OpKind.values();

  private SavedFindings() {}

  static void write(Findings findings, WholeFile.Out out) {
    out.put(findings.violations.size());
    findings.violations.forEach(
        (violation, found) -> {
          out.put(violation.property());
          out.put(violation.message());
          write(found.run(), out);
        });
    out.put(findings.outcomes.size());
    findings.outcomes.forEach(
        (outcome, found) -> {
          out.put(outcome);
          write(found.run(), out);
        });
  }

  static void read(WholeFile.In in, Findings findings) throws IOException {
    int violations = in.getInt();
    for (int i = 0; i < violations; i++) {
      var violation = new Violation(in.getString(), in.getString());
      var run = run(in);
      findings.violation(violation, () -> run);
    }
    int outcomes = in.getInt();
    for (int i = 0; i < outcomes; i++) {
      String outcome = in.getString();
      var run = run(in);
      findings.outcome(outcome, () -> run);
    }
  }

  private static void write(List<Recorded> run, WholeFile.Out out) {
    out.put(run.size());
    for (var r : run) {
      out.put(r.task());
      out.put(r.op().kind().ordinal());
      out.put(r.op().word());
      out.put(r.op().a());
      out.put(r.op().b());
      out.put(r.before());
      out.put(r.after());
      out.put(r.result());
    }
  }

  private static List<Recorded> run(WholeFile.In in) throws IOException {
    int size = in.getInt();
    var run = new ArrayList<Recorded>();
    for (int i = 0; i < size; i++) {
      int task = in.getInt();
      var op = new Op(KINDS[in.getInt()], in.getInt(), in.getLong(), in.getLong());
      run.add(new Recorded(task, op, in.getLong(), in.getLong(), in.getLong()));
    }
    return run;
  }
}
