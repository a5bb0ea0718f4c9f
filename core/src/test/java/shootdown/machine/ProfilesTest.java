package shootdown.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import shootdown.machine.MachineProfile.MemoryOrder;
import shootdown.machine.MachineProfile.Reach;
import shootdown.machine.MachineProfile.Shootdown;
import shootdown.machine.MachineProfile.TableFree;
import shootdown.machine.MachineProfile.WalkCache;

class ProfilesTest {
  private static final String GOOD =
      "m  hw sw ipi drops none local all any ipi yes keep tso  two words";

  @Test
  void theTableNamesTheseMachines() {
    assertEquals(
        List.of(
            "x86-64", "x86-64-pv", "arm64", "arm64-swad", "armv7", "mips64", "ppc44x",
            "s390", "riscv64-svade", "riscv64-svadu"),
        Profiles.all().stream().map(MachineProfile::name).toList());
  }

  @Test
  void aMachineIsFoundByItsName() {
    var x86 = Profiles.find("x86-64").orElseThrow();
    assertTrue(x86.hardwareDirty() && x86.faultDropsEntry() && x86.storeBuffer());
    assertTrue(Profiles.find("vax").isEmpty());
  }

  @Test
  void eachColumnIsReadFromItsPlace() {
    assertEquals(
        List.of(
            new MachineProfile(
                "m",
                "m",
                true,
                false,
                Shootdown.IPI,
                true,
                Reach.NONE,
                Reach.LOCAL,
                Reach.ALL,
                WalkCache.ANY,
                TableFree.IPI,
                true,
                false,
                MemoryOrder.TSO,
                "two words")),
        Profiles.parse(List.of("# a comment", "", GOOD)));
  }

  @Test
  void aFaultOnAStaleEntryIsMendedSomehow() {
    for (var profile : Profiles.all()) {
      assertTrue(
          !profile.keepsStale()
              || profile.faultDropsEntry()
              || profile.spuriousFlush() != Reach.NONE
              || profile.relaxFlush() == Reach.ALL,
          profile::name);
    }
  }

  @Test
  void aMachineWithSoftwareDirtyBitsLeavesStaleEntriesOnOtherCpus() {
    assertTrue(
        Profiles.all().stream()
            .anyMatch(
                p -> !p.hardwareDirty() && !p.faultDropsEntry() && p.relaxFlush() == Reach.LOCAL));
  }

  @Test
  void aMalformedLineIsNamed() {
    assertSays(
        "machines.txt:2: 13 columns, not 14",
        "# x",
        "m hw sw ipi drops none local all any ipi yes flush tso");
    assertSays("machines.txt:1: column 6 is 'some', not one of all, local, none",
        GOOD.replace("none", "some"));
    assertSays("machines.txt:1: column 2 is 'HW', not one of hw, sw", GOOD.replace("hw", "HW"));
    assertSays("machines.txt:2: a second machine m", GOOD, GOOD);
  }

  @Test
  void softwareBitsHideOldAndCleanPages() {
    var armv7 = Profiles.find("armv7").orElseThrow();
    var clean = Pte.of(1, Pte.WRITABLE | Pte.YOUNG);
    assertTrue(armv7.valid(clean));
    assertFalse(armv7.writable(clean));
    assertTrue(armv7.writable(clean.with(Pte.DIRTY)));
    assertFalse(armv7.valid(clean.without(Pte.YOUNG)));
  }

  private static void assertSays(String message, String... lines) {
    var error =
        assertThrows(Profiles.TableError.class, () -> Profiles.parse(List.of(lines)));
    assertEquals(message, error.getMessage());
  }
}
