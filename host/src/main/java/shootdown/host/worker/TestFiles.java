package shootdown.host.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Reg;
import shootdown.litmus.Call;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;

/// The files of a test: opened once and nameless from then on, so that nothing is left behind; made
/// all zeros for each round.
///
/// They are written page by page: one large write would make large folios, of which fadvise() drops
/// no single page.
final class TestFiles {
  private static final int MOST_FILES = 4;
  private static final int PAGE = 4096;
  private static final int MOST_WRITTEN = 16 * PAGE;
  private static final int CREATE = 0x242; // O_RDWR | O_CREAT | O_TRUNC
  private static final int OWNER_ONLY = 0600;

  /// Bytes of zeros that [#open] is told of.
  static final int ZEROS = PAGE;

  private final Path folder;
  private final Assembler code;
  private final Runtime runtime;
  private final List<Call> calls = new ArrayList<>();
  private boolean changeSize;
  private long data;

  TestFiles(LitmusTest test, Path folder, Assembler code, Runtime runtime) {
    this.folder = folder;
    this.code = code;
    this.runtime = runtime;
    for (var statement : test.init()) {
      if (statement instanceof Statement.Assign(_, Call call, _)
          && call.function() == SystemCall.FILE) {
        calls.add(call);
      }
    }
    changeSize = Functions.in(test).stream().anyMatch(
        f -> f == SystemCall.FTRUNCATE || f == SystemCall.PWRITE);
  }

  /// Opens them; their descriptors are 64, 65, ….
  ///
  /// @param zeros address of a page of zeros
  void open(long zeros) {
    open(zeros, calls.size());
  }

  /// Opens as many as any test of a batch may have.
  void openAll(long zeros) {
    changeSize = true;
    open(zeros, MOST_FILES);
  }

  /// They were opened by another test of the same batch.
  void areOpen(long zeros) {
    changeSize = true;
    data = zeros;
  }

  private void open(long zeros, int count) {
    data = zeros;
    for (int i = 0; i < count; i++) {
      var path = folder.resolve("file" + i).toString();
      runtime.address(Reg.RDI, path);
      code.move(Reg.RSI, CREATE);
      code.move(Reg.RDX, OWNER_ONLY);
      runtime.must(LinuxCall.OPEN, "open of " + path);
      code.move(Reg.RDI, Reg.RAX);
      code.move(Reg.RSI, descriptor(i));
      runtime.must(LinuxCall.DUP2, "dup2");
      runtime.call(LinuxCall.CLOSE);
      runtime.address(Reg.RDI, path);
      runtime.must(LinuxCall.UNLINK, "unlink of " + path);
    }
  }

  /// Makes the file of a call to file() as it is at first: its length is in RAX; RAX becomes the
  /// descriptor.
  void reset(Call call) {
    int descriptor = descriptor(calls.indexOf(call));
    var length = Evaluation.constant((Expression) call.arguments().getFirst());
    if (!changeSize && isWritten(length)) {
      write(descriptor, length.getAsLong());
    } else {
      code.push(Reg.RAX);
      truncate(descriptor, 0);
      code.pop(Reg.RSI);
      code.move(Reg.RDI, descriptor);
      runtime.must(LinuxCall.FTRUNCATE, "ftruncate of a file of the initial state");
    }
    code.move(Reg.RAX, descriptor);
  }

  private static boolean isWritten(OptionalLong length) {
    return length.isPresent() && length.getAsLong() > 0 && length.getAsLong() <= MOST_WRITTEN;
  }

  private void truncate(int descriptor, int length) {
    code.move(Reg.RDI, descriptor);
    code.move(Reg.RSI, length);
    runtime.must(LinuxCall.FTRUNCATE, "ftruncate of a file of the initial state");
  }

  private void write(int descriptor, long length) {
    for (long at = 0; at < length; at += PAGE) {
      code.move(Reg.RDI, descriptor);
      code.move(Reg.RSI, data);
      code.move(Reg.RDX, Math.min(PAGE, length - at));
      code.move(Reg.R10, at);
      runtime.must(LinuxCall.PWRITE64, "pwrite of a file of the initial state");
    }
  }

  private static int descriptor(int index) {
    return 64 + index;
  }
}
