package shootdown.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import shootdown.host.compare.Confirmation;
import shootdown.host.compare.Confirmation.Finding;
import shootdown.host.compare.Confirmation.Role;
import shootdown.host.compare.Confirmation.Row;
import shootdown.host.compare.Confirmation.Where;
import shootdown.host.guest.GuestFix;
import shootdown.host.guest.GuestReport;
import shootdown.host.guest.GuestRequest.Bound;
import shootdown.host.guest.GuestRequest.Starts;
import shootdown.host.guest.GuestResult;
import shootdown.host.guest.GuestRun;
import shootdown.host.run.HostFailure;
import shootdown.host.run.HostRequest;
import shootdown.host.run.HostResult;
import shootdown.host.run.HostRun;
import shootdown.host.steer.Steering.Learned;
import shootdown.host.worker.Unrunnable;
import shootdown.litmus.LitmusTest;
import shootdown.model.Checker;

/// The runs on real kernels of a test that is to be confirmed.
final class ConfirmRuns {
  private static final long ENOUGH = 300;
  private static final int PATIENCE = 4;

  private final LitmusTest test;
  private final ConfirmModel model;
  private final Bound bound;
  private final long seed;
  private final Consumer<String> said;

  /// @param said is told what is going on
  ConfirmRuns(
      LitmusTest test, ConfirmModel model, Bound bound, long seed, Consumer<String> said) {
    this.test = test;
    this.model = model;
    this.bound = bound;
    this.seed = seed;
    this.said = said;
  }

  /// A row on this machine, whose kernel is taken for one with the fix.
  Row host(Optional<Path> folder) {
    said.accept("this machine ...");
    String kernel = "this machine's";
    try {
      kernel = "Linux " + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
      var request =
          new HostRequest(bound.rounds(), bound.time(), List.of(), folder, seed);
      var result = HostRun.of(test, request);
      var on = result.fileSystem().map(name -> ", files on " + name).orElse("");
      return new Row(
          Where.HOST, Role.WITH, kernel + on, counted(result, OptionalDouble.empty()));
    } catch (Unrunnable | HostFailure | IOException e) {
      return new Row(Where.HOST, Role.WITH, kernel, new Finding.NotRun(e.getMessage()));
    }
  }

  /// Rows of guests: for each of the fixes without it; with it as its commit made it, if that is
  /// not today's code; and as the kernel is today.
  List<Row> guests(ConfirmGuest guest, GuestOptions options) throws BadInput {
    var rows = new ArrayList<Row>();
    if (guest.whyNot().isPresent()) {
      var why = new Finding.NotRun(guest.whyNot().get());
      rows.add(new Row(Where.GUEST, Role.WITHOUT, "without the fix", why));
      rows.add(new Row(Where.GUEST, Role.WITH, "with the fix", why));
    }
    for (var fix : guest.fixes()) {
      var runs = new GuestRuns(fix, guest.image(), options);
      var without = runs.of(Role.WITHOUT, "without " + fix.commit(), fix.without(), untilSeen());
      rows.add(without);
      var control = asLongAs(without);
      if (!fix.with().isEmpty()) {
        rows.add(runs.of(Role.WITH, "with " + fix.commit() + " as it was made", fix.with(),
            control));
      }
      rows.add(runs.of(Role.WITH, "as it is today", "", control));
    }
    return rows;
  }

  /// The case ends when it has been seen so often that there is no doubt, or once within its time;
  /// if it has not been seen by then, it goes on for a while.
  private Bound untilSeen() {
    long start = System.nanoTime();
    return new Bound(
        bound.rounds(),
        bound.time().multipliedBy(PATIENCE),
        seen -> {
          long times = model.wrong(seen.outcomes(), seen.globals());
          return times >= ENOUGH
              || times > 0 && System.nanoTime() - start > bound.time().toNanos();
        });
  }

  /// A control has as many rounds as the case, and as many as it takes for its zero to mean
  /// something, if there is time.
  private Bound asLongAs(Row without) {
    if (without.finding() instanceof Finding.Counted(long times, long rounds, _) && times > 0) {
      return new Bound(
          Math.max(rounds, Confirmation.roundsOfControl(times, rounds)),
          bound.time().multipliedBy(2 * PATIENCE));
    }
    return bound;
  }

  /// Runs of one fix. The controls begin their rounds as the case had learned to when it ended.
  private final class GuestRuns {
    private final GuestFix fix;
    private final Path image;
    private final GuestOptions options;
    private Optional<Learned> learned = Optional.empty();

    GuestRuns(GuestFix fix, Path image, GuestOptions options) {
      this.fix = fix;
      this.image = image;
      this.options = options;
    }

    Row of(Role role, String what, String parameters, Bound until) throws BadInput {
      said.accept("a guest " + what + " ...");
      try {
        var request =
            options.request(image, until, new Starts(seed, ConfirmRuns.this::isWrong, learned));
        request =
            request.withAppend(
                String.join(" ", request.append(), parameters, fix.both()).strip());
        var result = GuestRun.of(test, request);
        learned = Optional.of(result.learned());
        return new Row(
            Where.GUEST,
            role,
            "Linux " + result.kernel() + " " + what + like(fix),
            counted(result.run(), window(result, fix)));
      } catch (Unrunnable | HostFailure e) {
        return new Row(Where.GUEST, role, what + like(fix), new Finding.NotRun(e.getMessage()));
      }
    }
  }

  private boolean isWrong(String outcome, Map<String, Long> globals) {
    return model.wrong(Map.of(outcome, 1L), globals) > 0;
  }

  private static String like(GuestFix fix) {
    return fix.machine().equals(Checker.DEFAULT_MACHINE) ? "" : ", like " + fix.machine();
  }

  private static OptionalDouble window(
      GuestResult result, GuestFix fix) {
    return fix.window().isPresent()
        ? OptionalDouble.of(GuestReport.windowMillis(result, fix.window().get()).orElse(0))
        : OptionalDouble.empty();
  }

  private Finding counted(HostResult result, OptionalDouble window) {
    return new Finding.Counted(
        model.wrong(result.outcomes(), result.globals()), result.rounds(), window);
  }
}
