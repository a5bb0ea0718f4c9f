package shootdown.host.run;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that is in no folder: `memfd_create(2)`. Whatever ends this process, nothing of it is
/// left.
///
/// @param descriptor of this process
record MemoryFile(int descriptor) implements AutoCloseable {
  private static final int MFD_CLOEXEC = 1;
  /// Since v6.3: it may be executed, whatever `vm.memfd_noexec` says of others.
  private static final int MFD_EXEC = 0x10;

  /// An empty one.
  static MemoryFile empty() throws IOException {
    int descriptor = create(MFD_CLOEXEC | MFD_EXEC);
    if (descriptor < 0) {
      descriptor = create(MFD_CLOEXEC);
    }
    if (descriptor < 0) {
      throw new IOException("memfd_create() failed");
    }
    return new MemoryFile(descriptor);
  }

  /// @param contents of the file
  static MemoryFile of(byte[] contents) throws IOException {
    var file = empty();
    try {
      Files.write(file.path(), contents, StandardOpenOption.WRITE);
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static int create(int flags) {
    try (var arena = Arena.ofConfined()) {
      return (int)
          function(
                  "memfd_create",
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
              .invoke(arena.allocateFrom("shootdown"), flags);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// The same for this process and for those that it starts.
  Path path() {
    return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd")
        .resolve(Integer.toString(descriptor));
  }

  @Override
  public void close() {
    try {
      int ignored =
          (int)
              function(
                      "close",
                      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invoke(descriptor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted") // the only native calls that there are
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
