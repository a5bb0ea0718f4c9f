package shootdown.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.kernel.futex.FutexFaultIn;
import shootdown.kernel.gup.FixupRights;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.history.KernelSpec;
import shootdown.kernel.history.OwnFix;
import shootdown.kernel.history.Release;
import shootdown.kernel.khugepaged.CollapseSync;

/// The histories as data, and what kernels make of them.
class TimelineTest {

  static List<History<?>> histories() {
    return Timeline.all();
  }

  @Test
  void noFixIsThereTwice() {
    var ids = new HashSet<String>();
    var decisions = new HashSet<Class<?>>();
    for (var history : Timeline.all()) {
      assertTrue(decisions.add(history.decision()), history.decision()::getName);
      history.fixes().forEach(fix -> assertTrue(ids.add(fix.id()), fix::toString));
    }
    assertTrue(ids.size() > Timeline.all().size(), ids::toString);
  }

  @ParameterizedTest
  @MethodSource("histories")
  void fixesAreCommitsOrVariantsOfThem(History<?> history) {
    var merged = new HashSet<String>();
    for (var fix : history.fixes()) {
      assertTrue(fix.id().matches("[0-9a-f]{12}(~[a-z][a-z0-9-]*)?"), fix::toString);
      assertEquals(fix.release().isEmpty(), fix.id().contains("~"), fix::toString);
      assertTrue(!fix.title().isBlank() && !fix.title().endsWith("."), fix::toString);
      if (fix.release().isPresent()) {
        merged.add(fix.id());
      } else {
        assertTrue(merged.contains(fix.id().substring(0, 12)), fix::toString);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void mergedFixesAreInTheOrderOfReleases(History<?> history) {
    var releases = merged(history).map(fix -> fix.release().orElseThrow()).toList();
    assertEquals(releases.stream().sorted().toList(), releases);
  }

  @ParameterizedTest
  @MethodSource("histories")
  void eachReleaseDecidesWhatItsLastFixSays(History<?> history) throws Exception {
    assertEquals(history.before(), decided(Release.finals().getFirst().toString(), history));
    for (var fix : merged(history).toList()) {
      var release = fix.release().orElseThrow();
      var last = merged(history).filter(f -> f.release().equals(fix.release())).toList().getLast();
      assertEquals(last.decision(), decided(release.toString(), history), fix::toString);
    }
    Optional<Fix> newest = merged(history).reduce((_, fix) -> fix);
    assertEquals(
        newest.map(Fix::decision).orElse(history.before()), decided("latest", history));
  }

  @ParameterizedTest
  @MethodSource("histories")
  void aVariantIsInOnlyIfItIsAskedFor(History<?> history) throws Exception {
    for (var fix : history.fixes()) {
      if (fix.release().isEmpty()) {
        assertEquals(fix.decision(), decided("latest+" + fix.id(), history));
        assertEquals(fix.decision(), decided("v2.6.39+" + fix.id(), history));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"v3.0, false", "v3.1-rc1, true", "latest, true", "latest-2efaca927f5c, false"})
  void futexWritesAreMendedSince31(String kernel, boolean mended) throws Exception {
    assertEquals(
        mended ? FutexFaultIn.FIXUP_USER_FAULT : FutexFaultIn.GET_USER_PAGES,
        decided(kernel, FutexFaultIn.HISTORY));
  }

  @Test
  void severalPartsOfASpecCount() throws Exception {
    String spec = "v3.0+2efaca927f5c~noflush-1b17844b29ae+5d1904204c99";
    assertEquals(FutexFaultIn.NO_FLUSH, decided(spec, FutexFaultIn.HISTORY));
    assertEquals(
        new FixupRights(false), decided("latest-1b17844b29ae", FixupRights.HISTORY));
  }

  @Test
  void aFixOfOnesOwnComesLastAndCounts() throws Exception {
    var own = new OwnFix("a-b/v4+My.java", "", new CollapseSync(false));
    for (var spec : List.of("a-b/v4+My.java", "v6.2-1b17844b29ae+a-b/v4+My.java")) {
      assertEquals(Optional.of("a-b/v4+My.java"), KernelSpec.ownFile(spec));
      var kernel = KernelSpec.parse(spec, Timeline.all(), List.of(own));
      var decisions = kernel.decisions(Timeline.all());
      assertEquals(new CollapseSync(false), decisions.get(CollapseSync.class));
      assertEquals(
          new FixupRights(spec.startsWith("a")), decisions.get(FixupRights.class), spec);
    }
    assertEquals(Optional.empty(), KernelSpec.ownFile("latest-1b17844b29ae"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"My.java", "v9.9+Mine.java", "v4.9-rc5-123456789abc+Mine.java"})
  void whatIsWrongWithASpecIsSaidBesideAFixOfOnesOwn(String spec) {
    var own = new OwnFix("Mine.java", "", new CollapseSync(false));
    assertThrows(
        KernelSpec.SpecException.class,
        () -> KernelSpec.parse(spec, Timeline.all(), List.of(own)));
  }

  /// Who implements a decision sees only what is public.
  @ParameterizedTest
  @MethodSource("histories")
  void aStrangerCanImplementADecisionThatIsAnInterface(History<?> history) {
    if (!history.decision().isInterface()) {
      return;
    }
    for (var method : history.decision().getMethods()) {
      var types = Stream.concat(
          Stream.of(method.getReturnType()), Stream.of(method.getParameterTypes()));
      assertTrue(types.allMatch(TimelineTest::isOpen), method::toString);
    }
  }

  private static boolean isOpen(Class<?> type) {
    return type.isPrimitive() || Modifier.isPublic(type.getModifiers());
  }

  private static Stream<Fix> merged(History<?> history) {
    return history.fixes().stream().filter(fix -> fix.release().isPresent());
  }

  private static Decision decided(String kernel, History<?> history)
      throws KernelSpec.SpecException {
    return KernelSpec.parse(kernel, Timeline.all())
        .decisions(Timeline.all())
        .get(history.decision());
  }
}
