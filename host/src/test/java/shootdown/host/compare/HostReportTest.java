package shootdown.host.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import shootdown.host.Parsed;
import shootdown.host.run.Evidence;
import shootdown.host.run.Evidence.Eviction;
import shootdown.host.run.Evidence.Work;
import shootdown.host.run.HostFailure;
import shootdown.host.run.HostRequest;
import shootdown.host.run.HostResult;
import shootdown.host.run.HostRun;
import shootdown.litmus.LitmusTest;
import shootdown.model.Outcome;

/// What is said of a round that a model does not allow: here, models that are wrong on purpose.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HostReportTest {
  private static final String INIT =
      "{ x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0); *x = 4; }\n";

  @TempDir private Path folder;

  private static LitmusTest test(String threads) {
    return Parsed.test(INIT + threads);
  }

  private HostResult run(LitmusTest test, long rounds) throws HostFailure {
    return HostRun.of(
        test, new HostRequest(rounds, Duration.ofDays(1), List.of(), Optional.of(folder), 1));
  }

  private String report(LitmusTest test, HostResult result, String allowed) {
    return HostReport.of(
        test, result, _ -> true, Comparison.of(result.outcomes(), List.of(allowed)), "wrong", "",
        "Linux");
  }

  private static String untimed(String report) {
    return report.replaceAll("(?m)^ *[0-9,]+ \\+ +[0-9,]+  ", "");
  }

  @Test
  void whatIsNotAllowedIsToldStatementByStatement() throws HostFailure {
    var test =
        test(
            "P0() { r1 = *x; munmap(x + 1, PAGE); r1 = msync(x, PAGE, MS_SYNC);"
                + " munmap(x, PAGE); *x = 5; r2 = 7; }");
    var result = run(test, 50);
    assertEquals(Set.of("0:r1=0; 0:r2=0; 0:sig=SIGSEGV;"), result.outcomes().keySet());
    var report = report(test, result, "0:r1=3; 0:r2=0; 0:sig=SIGSEGV;");
    assertTrue(
        untimed(report).contains(
            """
            P0  r1 = *x
            P0  munmap(x + 1, PAGE) = -22
            P0  r1 = msync(x, PAGE, MS_SYNC) = 0
            P0  munmap(x, PAGE) = 0
            """),
        report);
    assertTrue(report.contains("+         ?  P0  *x = 5\n"), report);
    assertTrue(report.contains("\nP0 ended with 0:r1=0; 0:r2=0; 0:sig=SIGSEGV;\n"), report);
  }

  @Test
  void theThreadsOfOneRoundAreToldTogether() throws HostFailure {
    var test = test("P0() { r1 = munmap(x + 1, PAGE); } P1() { r1 = *x; r2 = mlock(x, PAGE); }");
    var result = run(test, 50);
    var right = "0:r1=-22; 0:sig=0; 1:r1=4; 1:r2=0; 1:sig=0;";
    var report = untimed(report(test, result, right.replace("4", "3")));
    for (var line :
        List.of(
            "NOT ALLOWED: " + right,
            "P0  r1 = munmap(x + 1, PAGE) = -22",
            "P1  r1 = *x = 4",
            "P1  r2 = mlock(x, PAGE) = 0",
            "P1 ended with 1:r1=4; 1:r2=0; 1:sig=0;")) {
      assertTrue(report.contains("\n" + line + "\n"), report);
    }
    assertFalse(report(test, result, right).contains("One such round"));
  }

  @Test
  void whoSleepsForEverIsToldWithWhatItSleepsIn() throws HostFailure {
    var test = test("P0() { r1 = *x; futex(x, FUTEX_WAIT, 4); }");
    var report = report(test, run(test, 1), "0:r1=4; 0:sig=0;");
    assertTrue(report.contains("NOT ALLOWED: 0:r1=4; 0:sig=0; P0 asleep;\n"), report);
    assertTrue(report.contains("+         ?  P0  futex(x, FUTEX_WAIT, 4)\n"), report);
  }

  /// Nothing is measured then.
  @Test
  void threadsThatCallNothingAreToldByTheirEnds() throws HostFailure {
    var test = test("P0() { r1 = *x; } P1() { r1 = *x; }");
    var report = report(test, run(test, 50), "0:r1=0; 0:sig=0; 1:r1=0; 1:sig=0;");
    assertTrue(
        report.contains("\nP0 ended with 0:r1=4; 0:sig=0;\nP1 ended with 1:r1=4; 1:sig=0;\n"),
        report);
  }

  /// litmus7's "NOT validated" is no bad news where what a test asks for is a bug.
  @Test
  void whatTheLinesForToolsMeanIsSaid() throws HostFailure {
    var never = test("P0() { r1 = *x; }\nexists (0:r1=5)");
    assertEquals(
        "what the test asks for was not seen here in 20 rounds, and the model rules it out",
        meaning(never, "0:r1=4;"));
    assertEquals(
        "what the test asks for was not seen here in 20 rounds, and the model allows it",
        meaning(never, "0:r1=5;"));
    assertEquals(
        "what the test says never happens was seen here in 20 rounds, and the model allows it",
        meaning(test("P0() { r1 = *x; }\n~exists (0:r1=4)"), "0:r1=4;"));
    assertEquals(
        "the opposite of what the test says always holds was not seen here in 20 rounds, and the"
            + " model rules it out",
        meaning(test("P0() { r1 = *x; }\nforall (0:r1=4)"), "0:r1=4;"));
  }

  private String meaning(LitmusTest test, String allowed) throws HostFailure {
    var result = run(test, 20);
    var report =
        HostReport.of(
            test, result, outcome -> Outcome.satisfies(test, outcome, result.globals()),
            Comparison.of(result.outcomes(), List.of(allowed)), "some model", "", "Linux");
    return report.lines().filter(l -> l.startsWith("Meaning=")).findFirst().orElseThrow()
        .substring("Meaning=".length());
  }

  /// What the kernel did not do is said, and so is what it did.
  @Test
  void whatNoOutcomeShowsIsSaid() {
    assertEquals(
        List.of(
            "Work=migrate: 7 pages moved (vmstat)",
            "Work=shrink: NONE done (pagemap), so rounds show nothing about it",
            "Eviction=verified: a clean page was dropped in 3 of 4 trials; the test itself read"
                + " what was dropped 2 times"),
        evidence(new Eviction(4, 3, 2)));
    assertEquals(
        "Eviction=NONE: a clean page was dropped in 0 of 4 trials, so a write that is lost on its"
            + " way to a disk cannot be seen (a folder on a disk: --dir)",
        evidence(new Eviction(4, 0, 0)).getLast());
    assertEquals(
        "Eviction=NOT KNOWN: nothing was in the page cache when it was looked for",
        evidence(new Eviction(0, 0, 0)).getLast());
  }

  private static List<String> evidence(Eviction eviction) {
    var test =
        Parsed.test(
            "{ f = file(PAGE); }\nP0() { posix_fadvise(f, 0, PAGE, POSIX_FADV_DONTNEED); }");
    var work =
        List.of(
            new Work("migrate", 7, "pages moved", "vmstat"),
            new Work("shrink", 0, "pages gone", "pagemap"));
    var outcomes = new TreeMap<>(Map.of("0:sig=0;", 10L));
    var result =
        new HostResult(
            outcomes, Map.of(), Map.of(), 10, 1, 0, List.of(),
            new Evidence(work, Optional.of(eviction), Optional.empty()), Optional.of("ext4"));
    var report =
        HostReport.of(
            test, result, _ -> true, Comparison.of(outcomes, List.of("0:sig=0;")), "some model", "",
            "Linux");
    return report.lines().filter(l -> l.matches("(Work|Eviction)=.*")).toList();
  }
}
