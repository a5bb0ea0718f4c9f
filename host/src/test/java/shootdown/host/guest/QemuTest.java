package shootdown.host.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import shootdown.host.guest.GuestRequest.Accelerator;
import shootdown.host.guest.GuestRequest.Machine;
import shootdown.host.run.HostFailure;

class QemuTest {
  private static final long LONG = TimeUnit.DAYS.toNanos(1);

  @Test
  void aProgramThatIsMissingIsSaidWithItsPackage() {
    var wrong =
        assertThrows(HostFailure.class, () -> Qemu.find("no-such-program", "its-package"));
    assertEquals(
        "no-such-program is not installed (Debian, Ubuntu: apt-get install its-package)",
        wrong.getMessage());
  }

  @Test
  void theCommandLineIsWhatWasAskedFor() {
    var command =
        Qemu.command(
            new Qemu.Parts(
                Path.of("/kernel"), Path.of("/initramfs"), List.of(Path.of("/a,b")), "p=1 q=2",
                Path.of("/output"), new Machine(5, Accelerator.TCG), 77),
            Path.of("/usr/bin/qemu"));
    assertEquals("77", command.get(3));
    assertEquals("5", after(command, "-smp"));
    assertEquals("tcg,thread=multi", after(command, "-accel"));
    assertTrue(after(command, "-append").endsWith(" p=1 q=2"), command::toString);
    assertTrue(after(command, "-drive").endsWith("file=/a,,b"), command::toString);
  }

  @Test
  void theStepAtWhichTheFirstProcessFailedIsInTheKernelsPanic() {
    var steps = List.of("one", "two", "three");
    var panic = "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000200";
    assertEquals(Optional.of("two"), InitFailure.in(panic, steps));
    assertEquals(
        Optional.of("exit code 0xb"), InitFailure.in("exitcode=0x0000000b", steps));
    assertEquals(Optional.empty(), InitFailure.in("Kernel panic - not syncing: VFS", steps));
  }

  @Test
  void aWatchdogBitesWhenItsTimeIsOver() throws InterruptedException {
    var bitten = new CountDownLatch(1);
    try (var dog = new Watchdog(LONG, bitten::countDown)) {
      assertFalse(dog.hasBitten());
      dog.allow(0);
      assertTrue(bitten.await(1, TimeUnit.MINUTES));
      assertTrue(dog.hasBitten());
    }
  }

  private static String after(List<String> command, String option) {
    return command.get(command.indexOf(option) + 1);
  }
}
