package shootdown.host.guest;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import shootdown.host.guest.GuestRequest.Accelerator;
import shootdown.host.guest.GuestRequest.Machine;
import shootdown.host.guest.GuestRequest.Seen;
import shootdown.host.run.Evidence;
import shootdown.host.run.HostFailure;
import shootdown.host.run.HostResult;
import shootdown.host.steer.Steering;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.worker.Functions;
import shootdown.host.worker.Plan;
import shootdown.host.worker.Slots;
import shootdown.host.worker.WorkerProgram;
import shootdown.litmus.GlobalKind;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.SystemCall;

/// One test on a kernel of its own: boots it under QEMU with the worker in its initramfs, takes in
/// what it sends, and leaves nothing behind.
public final class GuestRun {
  private static final String RELEASE = "/proc/sys/kernel/osrelease";
  private static final String DISK_STATISTICS = "/sys/block/vdb/stat";
  private static final int SETUP_HEADER = 0x202;
  private static final String SETUP_MAGIC = "HdrS";
  private static final int SECTORS_READ = 2;
  private static final int SECTOR = 512;
  /// In a window held open for milliseconds, a race is a small part of the round.
  private static final int SCALES = 15;
  private static final int INIT_PROCESS = 1;
  private static final long BOOT_NANOS = TimeUnit.SECONDS.toNanos(120);
  /// A kernel that does not boot under KVM within this time is emulated.
  private static final long KVM_BOOT_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final int MOST_BOOTS = 3;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final LitmusTest test;
  private final GuestRequest request;
  private final Path folder;
  private final WorkerProgram program;
  private final boolean needsFiles;
  private final List<String> paths;
  private final InitCode.Program init;

  private GuestRun(LitmusTest test, GuestRequest request, Path folder) {
    this.test = test;
    this.request = request;
    this.folder = folder;
    this.program =
        WorkerProgram.withMeetings(
            test, Path.of(InitPlan.RING), Path.of(InitPlan.FOLDER), request.machine().cpus());
    this.needsFiles = test.globals().containsValue(GlobalKind.FILE);
    this.paths = new ArrayList<>(List.of(RELEASE, DISK_STATISTICS));
    this.paths.addAll(request.files());
    var slots = program.slots();
    this.init =
        InitCode.of(
            new InitPlan(
                test.threads().size(),
                slots.plan(),
                slots.ring(),
                slots.size(),
                slots.capacity(),
                slots.recordWords() * Long.BYTES,
                request.bound().time().toNanos(),
                PATIENCE_NANOS,
                needsFiles,
                paths,
                settings(test)));
  }

  private static List<InitPlan.Setting> settings(LitmusTest test) {
    var settings = new ArrayList<>(InitPlan.HUGE_PAGES);
    if (Functions.in(test).contains(SystemCall.KSM_MERGE)) {
      settings.addAll(InitPlan.KSMD);
    }
    return settings;
  }

  /// Runs a test.
  ///
  /// @throws HostFailure if that cannot be done here
  /// @throws shootdown.host.worker.Unrunnable if the test needs what user space cannot do
  public static GuestResult of(LitmusTest test, GuestRequest request) throws HostFailure {
    if (!Files.isReadable(request.image())) {
      throw new HostFailure(
          "there is no image " + request.image() + " (guest/build makes one)");
    }
    try {
      if (!isForX86(request.image())) {
        throw new HostFailure(
            request.image() + " is no bzImage, and workers are written for x86-64 only: kernels of"
                + " other machines cannot be run");
      }
      var folder = Files.createTempDirectory("shootdown-guest");
      try {
        return new GuestRun(test, request, folder).run();
      } finally {
        Folders.remove(folder);
      }
    } catch (IOException e) {
      throw new HostFailure("a guest's files cannot be made: " + e.getMessage(), e);
    }
  }

  /// Whether the setup header is there. Source: Documentation/x86/boot.rst.
  private static boolean isForX86(Path image) throws IOException {
    try (var in = Files.newInputStream(image)) {
      byte[] head = in.readNBytes(SETUP_HEADER + SETUP_MAGIC.length());
      return new String(head, StandardCharsets.ISO_8859_1).endsWith(SETUP_MAGIC)
          && head.length == SETUP_HEADER + SETUP_MAGIC.length();
    }
  }

  /// QEMU's version, for a report.
  ///
  /// @throws HostFailure if it is not installed
  public static String qemuVersion() throws HostFailure {
    return Qemu.version();
  }

  /// What became of one start of a machine.
  ///
  /// @param why there is no result
  /// @param isForgiven whether the kernel gave up by itself before the first round: an emulated
  ///     one on a busy machine may, and no round is lost
  private record Boot(Optional<GuestResult> result, String why, boolean isForgiven) {}

  private GuestResult run() throws HostFailure, IOException {
    if (request.machine().accelerator() == Accelerator.KVM) {
      var result = boot(Accelerator.KVM, KVM_BOOT_NANOS).result();
      if (result.isPresent()) {
        return result.get();
      }
    }
    for (int boots = 1; ; boots++) {
      var boot = boot(Accelerator.TCG, BOOT_NANOS);
      if (boot.result().isPresent()) {
        return boot.result().get();
      }
      if (!boot.isForgiven() || boots == MOST_BOOTS) {
        throw new HostFailure(boot.why());
      }
    }
  }

  private Boot boot(Accelerator accelerator, long bootNanos) throws HostFailure, IOException {
    var steering =
        new Steering(
            program.slots(), request.machine().cpus(), request.starts().seed(),
            request.starts().learned());
    var records =
        new Records(
            test, program, new Records.Told(paths, PATIENCE_NANOS), steering,
            request.starts().lookedFor());
    long start = System.nanoTime();
    long began = 0;
    Optional<String> complaint;
    try (var guest = new Qemu(parts(accelerator));
        var watchdog = new Watchdog(bootNanos, guest::end)) {
      try {
        while (!records.hasEnded() && !records.kernelIsBroken() && !isEnough(records)) {
          var frame = Frame.read(guest.port());
          if (frame.isEmpty()) {
            break;
          }
          records.add(frame.get());
          if (frame.get().kind() == Frame.Kind.RECORDS) {
            Files.write(plan(), steering.plan().bytes());
          }
          if (began == 0 && records.hasBegun()) {
            began = System.nanoTime();
            watchdog.allow(request.bound().time().toNanos() + SLACK_NANOS);
          }
        }
      } catch (IOException e) {
        // A guest that goes down in the midst of a frame takes no round back that it has told.
        boolean isCutShort = e instanceof EOFException && records.rounds() > 0;
        if (!watchdog.hasBitten() && !isCutShort) {
          throw new HostFailure(e.getMessage() + guest.lastWords(), e);
        }
      }
      complaint = guest.complaint();
      if (records.rounds() == 0) {
        var words = guest.lastWords();
        var failure = InitFailure.in(words, init.steps());
        return new Boot(
            Optional.empty(),
            why(records, failure, start, words),
            failure.isEmpty() && !records.hasBegun() && !watchdog.hasBitten());
      }
    }
    return new Boot(
        Optional.of(
            result(records, accelerator, (System.nanoTime() - began) / 1e9, complaint)),
        "",
        false);
  }

  /// The guest ends by itself after its rounds; this one has its counters known by now.
  private boolean isEnough(Records records) {
    return !records.after().isEmpty()
        && request.bound().enough().test(new Seen(records.outcomes(), records.globals()));
  }

  private static String why(
      Records records, Optional<String> failure, long start, String lastWords) {
    if (failure.isPresent()) {
      return "the guest's first process failed: " + failure.get();
    }
    return (records.hasBegun()
            ? "no round ended in the guest"
            : "no guest came up, within "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)
                + " s; an image needs what guest/config lists. The end of its console")
        + lastWords;
  }

  private GuestResult result(
      Records records, Accelerator accelerator, double seconds, Optional<String> complaint) {
    var result =
        new GuestResult(
            run(records, seconds, Optional.empty()),
            records.before().getOrDefault(RELEASE, "of unknown version"),
            accelerator,
            records.before(),
            records.after(),
            records.steering().learned(),
            records.steering().text(),
            records.roundNanos(),
            complaint);
    var sectors = result.growth(DISK_STATISTICS, SECTORS_READ);
    return result.withRun(run(records, seconds, bytes(sectors)));
  }

  private static Optional<Long> bytes(OptionalLong sectors) {
    return sectors.isPresent() ? Optional.of(sectors.getAsLong() * SECTOR) : Optional.empty();
  }

  private HostResult run(Records records, double seconds, Optional<Long> readBytes) {
    return new HostResult(
        records.outcomes(),
        records.traces(),
        records.globals(),
        records.rounds(),
        seconds,
        records.restarts(),
        List.of(),
        Evidence.ofDisk(readBytes),
        needsFiles ? Optional.of(InitPlan.FILE_SYSTEM) : Optional.empty());
  }

  private Qemu.Parts parts(Accelerator accelerator) throws HostFailure, IOException {
    var initramfs = folder.resolve("initramfs");
    Files.write(initramfs, initramfs());
    var disks = new ArrayList<Path>();
    disks.add(Disks.swap(folder.resolve("swap")));
    if (needsFiles) {
      disks.add(Disks.files(folder.resolve("files")));
    }
    Files.write(plan(), Plan.RANDOM.bytes());
    disks.add(plan());
    long nanos = BOOT_NANOS + request.bound().time().toNanos() + SLACK_NANOS;
    long cpuSeconds = TimeUnit.NANOSECONDS.toSeconds(nanos) * (request.machine().cpus() + 1);
    return new Qemu.Parts(
        request.image(),
        initramfs,
        disks,
        request.append(),
        folder,
        new Machine(request.machine().cpus(), accelerator),
        cpuSeconds);
  }

  /// A disk of one page, which the guest reads again and again: how rounds begin.
  private Path plan() {
    return folder.resolve("plan");
  }

  private byte[] initramfs() {
    return new Newc()
        .folder("dev")
        .folder("proc")
        .folder("sys")
        .folder("mnt")
        .device("dev/console", 5, 1)
        .file("init", init.file())
        .file("worker", program.file())
        .file("control", control())
        .finish();
  }

  /// What the shared memory begins with.
  private byte[] control() {
    Slots slots = program.slots();
    var random = new SplittableRandom(request.starts().seed());
    int cpus = request.machine().cpus();
    var control = ByteBuffer.allocate(slots.ring()).order(ByteOrder.LITTLE_ENDIAN);
    control.putLong(Control.LIMIT, request.bound().rounds());
    control.putLong(Control.SCALES, SCALES);
    control.putLong(Control.PARENT, INIT_PROCESS);
    control.putLong(
        Control.ALARM,
        TimeUnit.NANOSECONDS.toSeconds(request.bound().time().toNanos() + SLACK_NANOS));
    for (var thread : test.threads()) {
      int index = slots.index(thread);
      control.putLong(Control.word(index, ThreadWord.RANDOM), random.nextLong() | 1);
      control.putLong(Control.affinity(index), 1L << thread.cpu() % cpus);
    }
    return control.array();
  }
}
