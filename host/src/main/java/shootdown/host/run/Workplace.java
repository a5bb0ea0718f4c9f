package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Path;
import shootdown.host.worker.Control;

/// Where workers run, one after the other. When this process is told to end, by Ctrl-C for example,
/// no worker and no file is left, whatever was being done.
final class Workplace implements AutoCloseable {
  private final Thread hook = new Thread(this::abandon, "abandon the worker");
  private final HostFolders folders;
  private Process worker;
  private boolean ending;

  /// @param parent where a folder for the workers' files is made
  Workplace(Path parent) throws IOException, HostFailure {
    synchronized (this) {
      try {
        Runtime.getRuntime().addShutdownHook(hook);
      } catch (IllegalStateException e) {
        throw new HostFailure("this process is ending", e);
      }
      folders = HostFolders.make(parent);
    }
  }

  /// Folder of the tests' files.
  Path folder() {
    return folders.folder();
  }

  /// File of the shared memory.
  Path shared() {
    return folders.shared();
  }

  /// The memory that the next worker will share.
  synchronized SharedMemory share(int bytes) throws IOException, HostFailure {
    refuseAtTheEnd();
    folders.makeAgain();
    var memory = new SharedMemory(folders.shared(), bytes);
    memory.write(Control.PARENT, ProcessHandle.current().pid());
    return memory;
  }

  /// The worker does not outlive the thread that calls this.
  synchronized Process start(byte[] program) throws IOException, HostFailure {
    refuseAtTheEnd();
    worker = Executable.start(program, folders.folder());
    return worker;
  }

  private void refuseAtTheEnd() throws HostFailure {
    if (ending) {
      throw new HostFailure("this process is ending");
    }
  }

  /// The worker runs: it has open what it needs.
  synchronized void clear() {
    folders.remove();
  }

  private synchronized void abandon() {
    ending = true;
    if (worker != null) {
      worker.destroyForcibly();
    }
    if (folders != null) {
      folders.remove();
    }
  }

  @Override
  public void close() {
    clear();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // this process is ending: the hook runs
    }
  }
}
