package shootdown.host.guest;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import shootdown.host.guest.GuestRequest.Accelerator;
import shootdown.host.guest.GuestRequest.Machine;
import shootdown.host.run.HostFailure;

/// A virtual machine: a process of QEMU's. Its port of virtio is the process's standard output.
final class Qemu implements AutoCloseable {
  static final String PACKAGE = "qemu-system-x86";
  private static final String PROGRAM = "qemu-system-x86_64";
  private static final int MEGABYTES = 512;
  /// The timer is not checked: on a machine that is busy, an emulated one may fail the check.
  private static final String COMMAND_LINE = "console=ttyS0 quiet panic=-1 no_timer_check";
  private static final long END_SECONDS = 10;
  private static final int SHOWN_LINES = 12;
  private static final List<String> COMPLAINTS =
      List.of("kernel BUG at", "BUG:", "Oops", "WARNING:", "general protection fault");

  private final Process process;
  private final Path console;
  private final Path messages;
  private final Thread hook;

  /// What a machine is made of.
  ///
  /// @param folder where its console's text goes
  /// @param disks files, the first of them `/dev/vda`
  /// @param cpuSeconds after which the process is ended even if nobody is there to end it
  record Parts(
      Path image, Path initramfs, List<Path> disks, String append, Path folder, Machine machine,
      long cpuSeconds) {}

  Qemu(Parts parts) throws HostFailure {
    console = parts.folder().resolve("console");
    messages = parts.folder().resolve("messages");
    try {
      process =
          new ProcessBuilder(command(parts, find(PROGRAM, PACKAGE)))
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(messages.toFile())
              .start();
    } catch (IOException e) {
      throw new HostFailure(PROGRAM + " cannot be started: " + e.getMessage(), e);
    }
    hook = new Thread(() -> abandon(parts.folder()), "abandon the guest");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// A program on PATH, or where only root's PATH leads.
  static Path find(String program, String debianPackage) throws HostFailure {
    var folders = new ArrayList<String>();
    folders.addAll(List.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")));
    folders.addAll(List.of("/usr/bin", "/usr/sbin", "/sbin"));
    for (var folder : folders) {
      var file = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isExecutable(file)) {
        return file;
      }
    }
    throw new HostFailure(
        program + " is not installed (Debian, Ubuntu: apt-get install " + debianPackage + ")");
  }

  /// The shell only sets the bound of CPU time. The port is a file that is written only:
  /// where nobody reads it any more, the guest goes on to its end.
  static List<String> command(Parts parts, Path program) {
    var accelerator = parts.machine().accelerator();
    var command = new ArrayList<String>();
    command.addAll(
        List.of("/bin/sh", "-c", "ulimit -t \"$0\"; exec \"$@\"", "" + parts.cpuSeconds()));
    command.add(program.toString());
    command.addAll(
        List.of(
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-accel", accelerator(accelerator), "-cpu", cpu(accelerator),
            "-m", "" + MEGABYTES, "-smp", "" + parts.machine().cpus(),
            "-kernel", parts.image().toString(),
            "-initrd", parts.initramfs().toString(),
            "-append", (COMMAND_LINE + " " + parts.append()).strip(),
            "-serial", "file:" + escaped(parts.folder().resolve("console")),
            "-device", "virtio-serial-pci",
            "-chardev", "file,id=port,path=/dev/stdout",
            "-device", "virtserialport,chardev=port,nr=1"));
    for (int i = 0; i < parts.disks().size(); i++) {
      command.addAll(
          List.of(
              "-drive", "if=none,format=raw,cache=unsafe,id=disk" + i + ",file="
                  + escaped(parts.disks().get(i)),
              "-device", "virtio-blk-pci,drive=disk" + i));
    }
    return command;
  }

  private static String escaped(Path path) {
    return path.toString().replace(",", ",,");
  }

  private static String accelerator(Accelerator accelerator) {
    return switch (accelerator) {
      case TCG -> "tcg,thread=multi";
      case KVM -> "kvm";
    };
  }

  private static String cpu(Accelerator accelerator) {
    return switch (accelerator) {
      case TCG -> "max";
      case KVM -> "host";
    };
  }

  /// QEMU's version: `7.2.22`.
  static String version() throws HostFailure {
    var program = find(PROGRAM, PACKAGE);
    try {
      var process = new ProcessBuilder(program.toString(), "--version").start();
      var words = new String(process.getInputStream().readAllBytes()).split("\\s+");
      return words.length > 3 ? words[3] : "of unknown version";
    } catch (IOException e) {
      throw new HostFailure(PROGRAM + " cannot be started: " + e.getMessage(), e);
    }
  }

  InputStream port() {
    return process.getInputStream();
  }

  /// Ends the machine; what is read from its port ends then, too.
  void end() {
    process.destroyForcibly();
  }

  /// What the kernel says of a bug of its own, without the time; empty if it has found none.
  Optional<String> complaint() {
    return lines(console).stream()
        .map(line -> line.replaceFirst("^\\[[ .\\d]*\\] *", ""))
        .filter(line -> COMPLAINTS.stream().anyMatch(line::startsWith))
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
          .lines()
          .map(line -> line.replaceAll("[^\\x20-\\x7e]", "").stripTrailing())
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      return List.of(); // It has said nothing.
    }
  }

  /// The last lines of its console and of QEMU's own messages.
  String lastWords() {
    var lines = new ArrayList<>(lines(messages));
    lines.addAll(lines(console));
    var last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
    return last.isEmpty() ? "; its console is empty" : ":\n  " + String.join("\n  ", last);
  }

  @Override
  public void close() throws HostFailure {
    end();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new HostFailure("QEMU, process " + process.pid() + ", does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostFailure("interrupted", e);
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // this process is ending: the hook runs
      }
    }
  }

  private void abandon(Path folder) {
    end();
    try {
      process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Folders.remove(folder);
  }
}
