package shootdown.host.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;

/// A process that runs a test until it is killed.
final class EndlessRun {
  private EndlessRun() {}

  /// @param arguments the test's file, and a folder for its files
  public static void main(String[] arguments) throws Exception {
    var parsed =
        (ParseResult.Parsed)
            Litmus.parse("test.litmus", Files.readString(Path.of(arguments[0])));
    HostRun.of(
        parsed.test(),
        new HostRequest(
            Long.MAX_VALUE, Duration.ofDays(1), List.of(),
            Optional.of(Path.of(arguments[1])), 1));
  }
}
