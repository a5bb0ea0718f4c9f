package shootdown.model.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.sched.Mutation;

/// Mutants, their table and their explanations.
class MutantsTest {
  private static final String USUAL = "x86-64";

  private static final String RACE =
      """
      MM race

      {
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
      }

      P0()
      {
        *x = 1;
      }

      P1()
      {
        *x = 2;
      }
      """;

  @Test
  void whatKeepsTwoFaultsApartIsNeeded() {
    var campaign = campaign(scenario());
    assertEquals(Mutation.Kind.LOCK, campaign.sites().get("do_anonymous_page/ptl"));
    assertEquals(Mutation.Kind.RECHECK, campaign.sites().get("do_anonymous_page/pte_none"));
    var mutants =
        campaign.run(
            List.of(
                "do_anonymous_page/ptl",
                "do_anonymous_page/pte_none",
                "do_anonymous_page/F_refcount.add_is_zero"),
            Map.of());
    assertEquals(
        List.of(true, true, false), mutants.stream().map(Mutant::isCaught).toList());
    var evidence = mutants.getLast().evidence().orElseThrow();
    assertEquals(1, evidence.all());
    assertEquals("nobody ever changes the word in between", evidence.summary());
    assertTrue(mutants.getFirst().catcher().orElseThrow().how().contains("accounting"));
  }

  @Test
  void whatTestsComeByIsFoundAmongTheCallsOfTheKernel() {
    var campaign = campaign(scenario());
    var all = CallSites.ofKernel();
    assertTrue(all.size() > 100, () -> all.size() + " calls");
    var missing = CallSites.missing(campaign.lines());
    assertTrue(missing.size() < all.size() - 5, () -> missing.size() + " of " + all.size());
    // the test stores, and never loads
    var reads = missing.stream().filter(c -> c.startsWith("fault.AnonymousFault:")).count();
    assertTrue(reads > 0, missing::toString);
    assertTrue(missing.stream().anyMatch(c -> c.startsWith("mmap.Fork:")), missing::toString);
  }

  @Test
  void aTableIsReadAsItIsWritten() {
    var catcher = new Mutant.Catcher("litmus/a.litmus", "armv7", "v4.9", "lost write");
    var caught =
        new Mutant("a/ptl", Mutation.Kind.LOCK, Optional.of(catcher), Optional.empty(), List.of());
    var never = new Evidence("b/flush", Mutation.Kind.FLUSH, 0);
    never.add("litmus/a.litmus", Set.of(), Optional.empty());
    var survivor =
        new Mutant("b/flush", Mutation.Kind.FLUSH, Optional.empty(), Optional.of(never), List.of());
    var mutants = List.of(caught, survivor);
    var why = Explanations.of(List.of());

    assertEquals(
        "1 of 2 caught (50 %), 0 that survive are explained, 1 are not; 1 that survive never do"
            + " anything: of the others 1 of 1 are caught (100 %)",
        MutantTable.summary(mutants, why));
    var text = MutantTable.of(mutants, why, List.of("Zap:1 Lock.lock"));
    assertTrue(
        text.contains(
            "| `b/flush` | flush | 1, 0 | nothing is ever to be dropped | **not explained** |"),
        text);
    assertEquals(text, MutantTable.with(List.of(), why, text.lines().toList(), _ -> true));
    var both = MutantTable.with(List.of(caught), why, text.lines().toList(), _ -> true);
    assertEquals(text, both);
    var explained = Explanations.of(List.of("b/flush", "  nobody looks"));
    assertTrue(
        MutantTable.with(List.of(), explained, text.lines().toList(), _ -> true)
            .contains("to be dropped | nobody looks |"),
        both);
    var fewer =
        MutantTable.with(List.of(), why, text.lines().toList(), name -> !name.equals("b/flush"));
    assertFalse(fewer.contains("b/flush"), fewer);
    assertTrue(fewer.contains("a/ptl"), fewer);
    var read = MutantTable.read(text.lines().toList());
    assertEquals(Set.of("a/ptl"), read.keySet());
    assertEquals("armv7", read.get("a/ptl").machine());
    assertEquals("v4.9", read.get("a/ptl").kernel());
    assertEquals("litmus/a.litmus", read.get("a/ptl").file());
  }

  @Test
  void whoHasAnEffectOnStatesIsNotCalledEquivalent() {
    var catcher = new Mutant.Catcher("litmus/a.litmus", "armv7", "v4.9", "lost write");
    var caught =
        new Mutant("a/ptl", Mutation.Kind.LOCK, Optional.of(catcher), Optional.empty(), List.of());
    var waits = new Evidence("b/ptl", Mutation.Kind.LOCK, 1);
    waits.add("litmus/a.litmus", Set.of("it waits"), Optional.empty());
    var unknown = new Evidence("c/ptl", Mutation.Kind.LOCK, 1);
    unknown.add("litmus/a.litmus", Set.of(), Optional.of("more than 7 states"));
    assertFalse(waits.isEquivalent());
    assertFalse(unknown.isEquivalent());
    var mutants = List.of(caught, survivor("b/ptl", waits), survivor("c/ptl", unknown));
    assertEquals(
        "1 of 3 caught (33 %), 0 that survive are explained, 2 are not; 0 that survive never do"
            + " anything: of the others 1 of 3 are caught (33 %)",
        MutantTable.summary(mutants, Explanations.of(List.of())));
  }

  private static Mutant survivor(String site, Evidence evidence) {
    return new Mutant(
        site, Mutation.Kind.LOCK, Optional.empty(), Optional.of(evidence), List.of());
  }

  @Test
  void severalMutantsMayHaveOneReason() {
    var why =
        Explanations.of(
            List.of("# remark", "a/ptl", "*/zone", "  since", "  so", "", "b/flush", "  no"));
    assertEquals(Optional.of("since so"), why.of("a/ptl"));
    assertEquals(Optional.of("since so"), why.of("any/zone"));
    assertEquals(Optional.of("no"), why.of("b/flush"));
    assertFalse(why.of("c/flush").isPresent());
    assertEquals(List.of("*/zone", "b/flush"), why.unusedBy(List.of("a/ptl")));
  }

  @Test
  void aReasonNeedsAMutant() {
    var wrong =
        assertThrows(
            IllegalArgumentException.class, () -> Explanations.of(List.of("", "not a name")));
    assertTrue(wrong.getMessage().startsWith("line 2 "), wrong::getMessage);
  }

  private static Scenario scenario() {
    return new Scenario("race.litmus", parsed("race.litmus", RACE.getBytes()), USUAL);
  }

  private static Campaign campaign(Scenario scenario) {
    var campaign = new Campaign(Campaign.Workers.ONE);
    campaign.prepare(List.of(scenario));
    assertEquals(List.of(), campaign.leftOut());
    return campaign;
  }

  private static ParseResult.Parsed parsed(String file, byte[] text) {
    return switch (Litmus.parse(file, text)) {
      case ParseResult.Parsed parsed -> parsed;
      case ParseResult.Rejected rejected -> throw new AssertionError(rejected.render());
    };
  }

  /// Whoever names a mutant of the table is understood.
  @Test
  void theFunctionsOfTheTableAreAmongTheWordsOfTheKernel() throws IOException {
    var words = CallSites.words();
    var table = MutantTable.read(Files.readAllLines(Path.of("../docs/MUTANTS.md")));
    assertTrue(table.size() > 400, "mutants: " + table.size());
    table.keySet().forEach(
        name -> assertTrue(words.contains(name.substring(0, name.indexOf('/'))), name));
  }
}
