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

/// A file that is in no folder: `memfd_create(2)`.
///
/// @param descriptor of this process
record MemoryFile(int descriptor) implements AutoCloseable {
  private static final int MFD_CLOEXEC = 1;

  /// @param contents of the file
  static MemoryFile of(byte[] contents) throws IOException {
    var file = new MemoryFile(create());
    try {
      Files.write(file.path(), contents, StandardOpenOption.WRITE);
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static int create() throws IOException {
    try (var arena = Arena.ofConfined()) {
      int descriptor =
          (int)
              function(
                      "memfd_create",
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                  .invoke(arena.allocateFrom("shootdown"), MFD_CLOEXEC);
      if (descriptor < 0) {
        throw new IOException("memfd_create() failed");
      }
      return descriptor;
    } catch (IOException | RuntimeException | Error e) {
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
