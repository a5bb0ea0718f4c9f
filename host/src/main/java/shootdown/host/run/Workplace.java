package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Path;
import shootdown.host.worker.Control;

/// Where workers run, one after the other. All files of theirs are nameless from the first moment
/// on, so none is left, whatever ends this process and whenever. When it is told to end, by Ctrl-C
/// for example, no worker is left either; when it is killed, the kernel ends the worker.
final class Workplace implements AutoCloseable {
  private final Thread hook = new Thread(this::abandon, "abandon the worker");
  private final Path folder;
  private final MemoryFile shared;
  private Process worker;
  private boolean ending;

  /// @param folder where workers make the tests' files
  Workplace(Path folder) throws IOException, HostFailure {
    this.folder = folder;
    synchronized (this) {
      try {
        Runtime.getRuntime().addShutdownHook(hook);
      } catch (IllegalStateException e) {
        throw new HostFailure("this process is ending", e);
      }
      shared = MemoryFile.empty();
    }
  }

  /// Folder of the tests' files.
  Path folder() {
    return folder;
  }

  /// File of the shared memory.
  Path shared() {
    return shared.path();
  }

  /// The memory that the next worker will share.
  synchronized SharedMemory share(int bytes) throws IOException, HostFailure {
    refuseAtTheEnd();
    var memory = new SharedMemory(shared.path(), bytes);
    memory.write(Control.PARENT, ProcessHandle.current().pid());
    return memory;
  }

  /// The worker does not outlive the thread that calls this.
  synchronized Process start(byte[] program) throws IOException, HostFailure {
    refuseAtTheEnd();
    worker = Executable.start(program);
    return worker;
  }

  private void refuseAtTheEnd() throws HostFailure {
    if (ending) {
      throw new HostFailure("this process is ending");
    }
  }

  private synchronized void abandon() {
    ending = true;
    if (worker != null) {
      worker.destroyForcibly();
    }
  }

  @Override
  public void close() {
    shared.close();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // this process is ending: the hook runs
    }
  }
}
