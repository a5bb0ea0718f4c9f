package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What `/proc` says about the threads of a worker.
final class ThreadStates {
  private ThreadStates() {}

  /// Whether a thread, or a process of that number, sleeps in futex(), at a pipe, for a
  /// userfaultfd or at one, or for a child.
  static boolean sleeps(long pid, long tid) {
    try {
      var stat = Files.readString(stat(pid, tid));
      boolean sleeps = stat.charAt(stat.lastIndexOf(')') + 2) == 'S';
      if (!sleeps) {
        return false;
      }
      var where = Files.readString(folder(pid, tid).resolve("wchan"));
      return Stream.of("futex", "pipe", "userfault", "do_wait").anyMatch(where::contains);
    } catch (IOException e) {
      return false;
    }
  }

  private static Path stat(long pid, long tid) {
    return folder(pid, tid).resolve("stat");
  }

  private static Path folder(long pid, long tid) {
    var own = Path.of("/proc", Long.toString(pid), "task", Long.toString(tid));
    return Files.exists(own) ? own : Path.of("/proc", Long.toString(tid));
  }

  /// A line about all threads, for a message.
  static String all(long pid) {
    try (var tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return tasks.map(ThreadStates::line).collect(Collectors.joining("; "));
    } catch (IOException e) {
      return "its threads cannot be looked at";
    }
  }

  private static String line(Path task) {
    try {
      var stat = Files.readString(task.resolve("stat"));
      return task.getFileName() + " in state " + stat.charAt(stat.lastIndexOf(')') + 2)
          + ", in the kernel at " + Files.readString(task.resolve("wchan"));
    } catch (IOException e) {
      return task.getFileName() + " has ended";
    }
  }
}
