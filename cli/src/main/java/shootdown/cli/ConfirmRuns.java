package shootdown.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import shootdown.host.compare.Confirmation.Finding;
import shootdown.host.compare.Confirmation.Role;
import shootdown.host.compare.Confirmation.Row;
import shootdown.host.compare.Confirmation.Where;
import shootdown.host.guest.GuestFix;
import shootdown.host.guest.GuestReport;
import shootdown.host.guest.GuestRequest.Bound;
import shootdown.host.guest.GuestResult;
import shootdown.host.guest.GuestRun;
import shootdown.host.run.HostFailure;
import shootdown.host.run.HostRequest;
import shootdown.host.run.HostResult;
import shootdown.host.run.HostRun;
import shootdown.host.worker.Unrunnable;
import shootdown.litmus.LitmusTest;
import shootdown.model.Checker;

/// The runs on real kernels of a test that is to be confirmed.
///
/// @param said is told what is going on
record ConfirmRuns(
    LitmusTest test, ConfirmModel model, Bound bound, long seed, Consumer<String> said) {
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
      var image = guest.image();
      rows.add(guest(Role.WITHOUT, "without " + fix.commit(), fix, fix.without(), image, options));
      if (!fix.with().isEmpty()) {
        rows.add(guest(Role.WITH, "with " + fix.commit() + " as it was made", fix, fix.with(),
            image, options));
      }
      rows.add(guest(Role.WITH, "as it is today", fix, "", image, options));
    }
    return rows;
  }

  private Row guest(
      Role role, String what, GuestFix fix, String parameters, Path image, GuestOptions options)
      throws BadInput {
    said.accept("a guest " + what + " ...");
    try {
      var request = options.request(image, bound, seed);
      request =
          request.withAppend(
              String.join(" ", request.append(), parameters, fix.both()).strip());
      var result = GuestRun.of(test, request);
      return new Row(
          Where.GUEST,
          role,
          "Linux " + result.kernel() + " " + what + like(fix),
          counted(result.run(), window(result, fix)));
    } catch (Unrunnable | HostFailure e) {
      return new Row(Where.GUEST, role, what, new Finding.NotRun(e.getMessage()));
    }
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
