package shootdown.model.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;

/// Tests that catch mutants, made of tests that do not.
class HuntTest {
  private static final String LOCK = "do_anonymous_page/ptl";

  /// A look that spares work.
  private static final String SPARED = "pageout/is_page_cache_freeable";

  /// One thread, which races with nobody.
  private static final String ALONE =
      """
      MM alone

      {
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
      }

      P0()
      {
        *x = 1;
      }

      kthread K0()
      {
        shrink(x);
      }
      """;

  @Test
  void aRaceIsMadeOfATestWithout() {
    var tests = campaign();
    assertFalse(tests.run(List.of(LOCK), Map.of()).getFirst().isCaught());

    var found = first(new Hunt(tests, List.of(LOCK), new Hunt.Options(1, 5_000, true)), LOCK);
    assertTrue(found.isPresent());
    assertEquals("latest", found.get().where().kernel());
    assertFalse(found.get().where().how().isEmpty());
    var test =
        assertInstanceOf(
            ParseResult.Parsed.class,
            Litmus.parse(found.get().where().file(), found.get().text()));
    assertTrue(test.test().threads().size() > 1, found.get()::text);

    var scenario = new Scenario("found", test, found.get().where().machine());
    var again = new Campaign(Campaign.Workers.ONE);
    again.prepare(List.of(scenario));
    assertTrue(again.run(List.of(LOCK), Map.of()).getFirst().isCaught(), found.get()::text);
  }

  @Test
  void equalSeedsFindEqualPrograms() {
    var options = new Hunt.Options(1, 5_000, true);
    var one = first(new Hunt(campaign(), List.of(LOCK), options), LOCK);
    var other = first(new Hunt(campaign(), List.of(LOCK), options), LOCK);
    assertEquals(one, other);
  }

  @Test
  void whatNothingCanShowIsNotFound() {
    var hunt = new Hunt(campaign(), List.of(SPARED), new Hunt.Options(1, 1_000, true));
    assertTrue(LongStream.range(0, 8).mapToObj(hunt::program).allMatch(List::isEmpty));
    assertTrue(hunt.complete() > 0);
  }

  private static Optional<Hunt.Found> first(Hunt hunt, String site) {
    return LongStream.range(0, 200)
        .mapToObj(hunt::program)
        .flatMap(List::stream)
        .filter(f -> f.site().equals(site))
        .findFirst();
  }

  private static Campaign campaign() {
    var campaign = new Campaign(Campaign.Workers.ONE);
    var parsed = (ParseResult.Parsed) Litmus.parse("alone.litmus", ALONE);
    campaign.prepare(List.of(new Scenario("alone.litmus", parsed, "x86-64")));
    return campaign;
  }
}
