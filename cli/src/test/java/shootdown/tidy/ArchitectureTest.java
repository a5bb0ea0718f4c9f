package shootdown.tidy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The picture in ARCHITECTURE.md, held by the build.
class ArchitectureTest {

  /// Each room, and the rooms that it may import.
  private static final Map<String, Set<String>> PICTURE =
      Map.ofEntries(
          entry("litmus", Set.of()),
          entry("sched", Set.of()),
          entry("check", Set.of("sched")),
          entry("junit", Set.of("check", "sched")),
          entry("examples", Set.of("check", "sched")),
          entry("machine", Set.of("sched")),
          entry("kernel", Set.of("machine", "sched")),
          entry("model", Set.of("kernel", "machine", "check", "sched", "litmus")),
          entry("report", Set.of("model", "check", "litmus")),
          entry("host", Set.of("litmus", "model")),
          entry(
              "cli",
              Set.of(
                  "host", "report", "model", "kernel", "machine", "check", "sched", "litmus")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("shootdown");

  /// The self-check of all the rules below: a rule that sees no class holds for nothing.
  @Test
  void theRulesSeeEverySourceFile() {
    Set<String> unseen = new TreeSet<>();
    List<Path> files = SourceTree.mainJavaFiles();
    for (Path file : files) {
      String path = file.subpath(4, file.getNameCount()).toString();
      String type = path.replace(".java", "").replace('/', '.').replace('\\', '.');
      if (!CLASSES.contain(type)) {
        unseen.add(type);
      }
    }
    assertEquals(Set.of(), unseen);
    assertTrue(files.size() >= PICTURE.size(), files::toString);
  }

  @Test
  void everyRoomIsInThePictureAndIsThere() {
    Set<String> rooms = new TreeSet<>();
    CLASSES.forEach(type -> rooms.add(room(type)));
    assertEquals(new TreeSet<>(PICTURE.keySet()), rooms);
  }

  @TestFactory
  Stream<DynamicTest> aRoomImportsOnlyWhatThePictureAllows() {
    return PICTURE.keySet().stream().sorted().map(room -> dynamicTest(room, () -> holds(room)));
  }

  private static void holds(String room) {
    String[] forbidden =
        PICTURE.keySet().stream()
            .filter(other -> !other.equals(room) && !PICTURE.get(room).contains(other))
            .map(ArchitectureTest::packages)
            .toArray(String[]::new);
    noClasses()
        .that(resideInAnyPackage(packages(room)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(forbidden))
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("shootdown.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that(resideOutsideOfPackages(packages("cli")))
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .callMethodWhere(target(name("printStackTrace")))
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineNamesPicocli() {
    onlyMayName("cli", "picocli..");
  }

  @Test
  void onlyTheExtensionNamesJUnit() {
    onlyMayName("junit", "org.junit..");
  }

  @Test
  void onlyReportsNameJackson() {
    onlyMayName("report", "tools.jackson..");
  }

  private static void onlyMayName(String room, String library) {
    noClasses()
        .that(resideOutsideOfPackages(packages(room)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(library))
        .check(CLASSES);
  }

  /// A run of the model is a function of test, kernel, machine and schedule.
  @Test
  void noClockAndNoUnseededRandomNumberBelowTheCommandLine() {
    noClasses()
        .that(resideOutsideOfPackages(packages("cli"), packages("host")))
        .and()
        .haveNameNotMatching(".*\\.check\\.Patience")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "identityHashCode", Object.class)
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callConstructor(Random.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(ThreadLocalRandom.class, Clock.class, Instant.class)
        .check(CLASSES);
  }

  /// Only the checker runs tasks on real threads, and who drives a process waits; all else
  /// describes steps.
  @Test
  void onlyTheCheckerNamesThreads() {
    noClasses()
        .that(resideOutsideOfPackages(packages("check"), packages("cli"), packages("host")))
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.util.concurrent.."))
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, ThreadLocal.class)
        .check(CLASSES);
  }

  private static String packages(String room) {
    return "shootdown." + room + "..";
  }

  private static String room(JavaClass type) {
    return type.getPackageName().split("\\.")[1];
  }
}
