package shootdown.host.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import shootdown.host.compare.Confirmation.Answer;
import shootdown.host.compare.Confirmation.Finding;
import shootdown.host.compare.Confirmation.Finding.Counted;
import shootdown.host.compare.Confirmation.Finding.Explored;
import shootdown.host.compare.Confirmation.Finding.NotRun;
import shootdown.host.compare.Confirmation.Role;
import shootdown.host.compare.Confirmation.Row;
import shootdown.host.compare.Confirmation.Where;

class ConfirmationTest {
  private static final Row OLD = model(true);
  private static final Row FIXED = model(false);
  private static final Row HOST = host(counted(0, 1000));
  private static final Row CASE = guest(Role.WITHOUT, counted(194, 200, 12));
  private static final Row CONTROL = guest(Role.WITH, counted(0, 210, 12));

  @Test
  void seenWithoutAndNotWithUnderTheSameDelayIsConfirmed() {
    var verdict = verdict(OLD, FIXED, HOST, CASE, CONTROL);
    assertEquals(Answer.CONFIRMED, verdict.answer());
    assertTrue(verdict.sentence().contains("194 of 200 rounds"), verdict.sentence());
    assertTrue(verdict.sentence().contains("0 of 210 rounds"), verdict.sentence());
    assertTrue(verdict.sentence().contains("same delay"), verdict.sentence());
  }

  @Test
  void aControlWithoutTheDelayProvesNothing() {
    var quick = guest(Role.WITH, counted(0, 10_000, 0.01));
    assertEquals(Answer.NOT_SEEN, verdict(OLD, FIXED, HOST, CASE, quick).answer());
    assertEquals(Answer.NOT_SEEN, verdict(OLD, FIXED, HOST, CASE, CONTROL, quick).answer());
    var unknown = guest(Role.WITH, counted(0, 10_000));
    assertEquals(Answer.NOT_SEEN, verdict(OLD, FIXED, HOST, CASE, unknown).answer());
  }

  @Test
  void aControlOfFewRoundsProvesNothing() {
    var rare = guest(Role.WITHOUT, counted(1, 600, 12));
    var verdict = verdict(OLD, FIXED, HOST, rare, CONTROL);
    assertEquals(Answer.NOT_SEEN, verdict.answer());
    assertTrue(verdict.sentence().contains("too rare"), verdict.sentence());
    assertEquals(3600, Confirmation.roundsOfControl(1, 600));
    var many = guest(Role.WITH, counted(0, 2400, 12));
    assertEquals(Answer.CONFIRMED, verdict(OLD, FIXED, HOST, rare, many).answer());
  }

  @Test
  void whereNoWindowIsMeasuredNoneIsCompared() {
    var without = guest(Role.WITHOUT, counted(3, 3));
    var with = guest(Role.WITH, counted(0, 3));
    var verdict = verdict(OLD, FIXED, HOST, without, with);
    assertEquals(Answer.CONFIRMED, verdict.answer());
    assertTrue(!verdict.sentence().contains("delay"), verdict.sentence());
  }

  @Test
  void aKernelWithTheFixThatShowsItContradictsTheModel() {
    assertEquals(
        Answer.CONTRADICTED,
        verdict(OLD, FIXED, host(counted(1, 1000)), CASE, CONTROL).answer());
    assertEquals(
        Answer.CONTRADICTED,
        verdict(OLD, FIXED, HOST, CASE, CONTROL, guest(Role.WITH, counted(1, 9, 12))).answer());
  }

  @Test
  void aKernelThatShowsWhatTheModelShowsNowhereContradictsIt() {
    assertEquals(Answer.CONTRADICTED, verdict(FIXED, HOST, CASE, CONTROL).answer());
  }

  @Test
  void notSeenIsNoConfirmation() {
    var none = guest(Role.WITHOUT, counted(0, 500, 12));
    var verdict = verdict(OLD, FIXED, HOST, none, CONTROL);
    assertEquals(Answer.NOT_SEEN, verdict.answer());
    assertTrue(verdict.sentence().contains("0 of 500 rounds"), verdict.sentence());
    assertTrue(verdict(FIXED, HOST, none, CONTROL).sentence().contains("they agree"));
  }

  @Test
  void whatOnlyAnotherMachineShowsIsNotExpectedHere() {
    var elsewhere = new Row(Where.MODEL, Role.ELSEWHERE, "v3.0 armv7", OLD.finding());
    var none = guest(Role.WITHOUT, counted(0, 500));
    var verdict = verdict(FIXED, elsewhere, HOST, none, CONTROL);
    assertEquals(Answer.NOT_SEEN, verdict.answer());
    assertTrue(verdict.sentence().contains("v3.0 armv7"), verdict.sentence());
    assertEquals(Answer.CONTRADICTED, verdict(FIXED, elsewhere, CASE, CONTROL).answer());
  }

  @Test
  void withoutAGuestNothingIsDecided() {
    var verdict =
        verdict(
            OLD, FIXED, HOST, guest(Role.WITHOUT, new NotRun("no image")),
            guest(Role.WITH, new NotRun("no image")));
    assertEquals(Answer.NOT_RUN, verdict.answer());
    assertTrue(verdict.sentence().endsWith("no image"), verdict.sentence());
    assertEquals(
        Answer.NOT_RUN,
        verdict(OLD, FIXED, HOST, CASE, guest(Role.WITH, new NotRun("no memory"))).answer());
  }

  private static Confirmation.Verdict verdict(Row... rows) {
    return new Confirmation(List.of(rows)).verdict();
  }

  private static Row model(boolean shows) {
    return new Row(
        Where.MODEL, Role.OPEN, "v4.9", new Explored(shows, true, shows ? "Sometimes" : "Never"));
  }

  private static Row host(Finding finding) {
    return new Row(Where.HOST, Role.WITH, "Linux 6.18", finding);
  }

  private static Row guest(Role role, Finding finding) {
    return new Row(Where.GUEST, role, "Linux 6.1 " + role, finding);
  }

  private static Finding counted(long times, long rounds) {
    return new Counted(times, rounds, OptionalDouble.empty());
  }

  private static Finding counted(long times, long rounds, double window) {
    return new Counted(times, rounds, OptionalDouble.of(window));
  }
}
