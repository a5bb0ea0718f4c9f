package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Shift;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Reg;
import shootdown.litmus.Call;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;
import shootdown.litmus.Target;

/// What tests have descriptors of. Files are opened once and have no name, so that nothing is left
/// behind, and made all zeros for each round; pipes are new in each, and so is a userfaultfd.
///
/// ```text
/// descriptor   64 …  files           96   /proc/self/mem
///              72 …  opened again    97   a userfaultfd
///              80 …  with O_DIRECT   98 … pipes, two each: the end that is read comes first
/// ```
///
/// Files are written page by page: one large write would make large folios, of which fadvise()
/// drops no single page.
final class TestFiles {
  private static final int MOST_FILES = 8;
  private static final int PAGE = 4096;
  private static final int MOST_WRITTEN = 16 * PAGE;
  private static final int NAMELESS = 0x410002; // O_RDWR | O_TMPFILE
  private static final int CREATE = 0xC2; // O_RDWR | O_CREAT | O_EXCL
  private static final int O_RDWR = 2;
  private static final int O_DIRECT = 0x4000;
  private static final int OWNER_ONLY = 0600;
  private static final int FIRST = 64;
  private static final int AGAIN = FIRST + MOST_FILES;
  private static final int DIRECT = AGAIN + MOST_FILES;
  private static final int MEMORY = DIRECT + MOST_FILES + MOST_FILES;
  private static final int PIPES = MEMORY + 2;

  /// Bytes of zeros that [#open] is told of.
  static final int ZEROS = PAGE;

  private final Path folder;
  private final Path shared;
  private final Assembler code;
  private final Runtime runtime;
  private final List<Call> files = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Call> opened = new ArrayList<>();
  private final List<String> openedAs = new ArrayList<>();
  private int pipes;
  private boolean changeSize;
  private long data;

  /// @param shared the file of the shared memory, which no other worker has at this time
  TestFiles(
      LitmusTest test, Path folder, Path shared, Assembler code, Runtime runtime) {
    this.folder = folder;
    this.shared = shared;
    this.code = code;
    this.runtime = runtime;
    for (var statement : test.init()) {
      if (statement instanceof Statement.Assign(var target, Call call, _)) {
        bound(target, call);
      }
    }
    if (files.size() > MOST_FILES) {
      throw new Unrunnable("more than " + MOST_FILES + " files");
    }
    changeSize = Functions.in(test).stream().anyMatch(
        f -> f == SystemCall.FTRUNCATE || f == SystemCall.PWRITE);
  }

  private void bound(Target target, Call call) {
    if (call.function() == SystemCall.FILE || isInMemory(call)) {
      files.add(call);
      names.add(target instanceof Target.Register(var name, _) ? name : "");
    } else if (call.function() == SystemCall.OPEN) {
      opened.add(call);
      openedAs.add(target instanceof Target.Register(var name, _) ? name : "");
    }
  }

  int count() {
    return files.size();
  }

  /// Descriptor of the first one.
  int first() {
    return FIRST;
  }

  /// Opens them.
  ///
  /// @param zeros address of a page of zeros
  void open(long zeros) {
    data = zeros;
    for (int i = 0; i < files.size(); i++) {
      if (isInMemory(files.get(i))) {
        createMemfd(i);
      } else {
        openFile(i);
      }
    }
    opened.forEach(this::openAgain);
  }

  /// Opens what any test of a batch may have, each of which has at most one file.
  void openAll(long zeros, List<TestFiles> others) {
    if (others.stream().flatMap(f -> f.files.stream()).anyMatch(TestFiles::isInMemory)) {
      throw new Unrunnable("memfd() of one of several tests");
    }
    changeSize = true;
    data = zeros;
    int most = others.stream().mapToInt(f -> f.files.size()).max().orElse(0);
    for (int i = 0; i < most; i++) {
      openFile(i);
    }
    var done = new ArrayList<Integer>();
    for (var other : others) {
      for (var call : other.opened) {
        int descriptor = other.descriptor(call);
        if (!done.contains(descriptor)) {
          done.add(descriptor);
          other.openAgain(call);
        }
      }
    }
  }

  /// They were opened by another test of the same batch.
  void areOpen(long zeros) {
    changeSize = true;
    data = zeros;
  }

  /// It never has a name, where the file system can do that; elsewhere it has one for as long as it
  /// takes to take it away.
  private void openFile(int index) {
    var named = folder.resolve("shootdown" + shared.toString().replace('/', '-')).toString();
    var opened = code.label();
    runtime.address(Reg.RDI, folder.toString());
    code.move(Reg.RSI, NAMELESS);
    code.move(Reg.RDX, OWNER_ONLY);
    runtime.call(LinuxCall.OPEN);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_NEGATIVE, opened);
    runtime.address(Reg.RDI, named);
    code.move(Reg.RSI, CREATE);
    code.move(Reg.RDX, OWNER_ONLY);
    runtime.must(LinuxCall.OPEN, "open of a file in " + folder);
    code.push(Reg.RAX);
    runtime.address(Reg.RDI, named);
    runtime.must(LinuxCall.UNLINK, "unlink of a file in " + folder);
    code.pop(Reg.RAX);
    code.bind(opened);
    becomes(FIRST + index);
  }

  /// A file has no name any more: it is opened by its descriptor.
  private void openAgain(Call call) {
    int file = fileOf(call);
    var path = file < 0 ? "/proc/self/mem" : "/proc/self/fd/" + (FIRST + file);
    int flags = flags(call);
    runtime.address(Reg.RDI, path);
    code.move(Reg.RSI, flags);
    code.move(Reg.RDX, 0);
    runtime.must(
        LinuxCall.OPEN,
        "open of " + path + ((flags & O_DIRECT) == 0 ? "" : " with O_DIRECT"));
    becomes(descriptor(call));
  }

  /// RAX is a descriptor; from now on it is this number instead.
  private void becomes(int number) {
    code.push(Reg.RAX);
    code.move(Reg.RDI, Reg.RAX);
    code.move(Reg.RSI, number);
    runtime.must(LinuxCall.DUP2, "dup2");
    code.pop(Reg.RDI);
    runtime.call(LinuxCall.CLOSE);
  }

  /// What a call to open() gives.
  int descriptor(Call call) {
    int file = fileOf(call);
    if (file < 0) {
      return MEMORY;
    }
    return ((flags(call) & O_DIRECT) == 0 ? AGAIN : DIRECT) + file;
  }

  /// Through which a file is looked at at the end of a round: not past the page cache, and any
  /// word.
  ///
  /// @param name of one of its descriptors
  int descriptor(String name) {
    int file = names.indexOf(name);
    for (int i = 0; file < 0 && i < opened.size(); i++) {
      if (openedAs.get(i).equals(name)) {
        file = fileOf(opened.get(i));
      }
    }
    if (file < 0) {
      throw new IllegalArgumentException(name + " is no file");
    }
    return FIRST + file;
  }

  /// Those of [#descriptor(String)], of all names.
  Map<String, Integer> descriptors() {
    var all = new HashMap<String, Integer>();
    names.forEach(name -> all.put(name, descriptor(name)));
    for (int i = 0; i < opened.size(); i++) {
      if (fileOf(opened.get(i)) >= 0) {
        all.put(openedAs.get(i), descriptor(openedAs.get(i)));
      }
    }
    return all;
  }

  private static int flags(Call call) {
    long flags = Evaluation.constant((Expression) call.arguments().get(1)).orElse(-1);
    if ((flags & ~O_DIRECT) != O_RDWR) {
      throw new Unrunnable("open() other than with O_RDWR, O_DIRECT");
    }
    return (int) flags;
  }

  /// Number of the file that is opened again; -1 for `/proc/self/mem`.
  private int fileOf(Call call) {
    if (!(call.arguments().getFirst() instanceof Expression.Global(var name, _))) {
      return -1;
    }
    int index = names.indexOf(name);
    if (index < 0) {
      throw new Unrunnable("open() of " + name + ", which file() did not make");
    }
    return index;
  }

  /// A new pipe; RAX becomes the descriptor of the end that is read. What the same pipe held in the
  /// last round goes.
  void pipe() {
    int number = PIPES + 2 * pipes++;
    code.move(Reg.RDI, BASE + Control.ZERO_WORD);
    code.move(Reg.RSI, 0);
    runtime.must(LinuxCall.PIPE2, "pipe2");
    for (int end = 0; end < 2; end++) {
      code.load(Reg.RAX, BASE + Control.ZERO_WORD);
      if (end == 0) {
        code.shift(Shift.LEFT, Reg.RAX, Integer.SIZE);
      }
      code.shift(Shift.LOGICAL_RIGHT, Reg.RAX, Integer.SIZE);
      becomes(number + end);
    }
    code.move(Reg.RAX, number);
  }

  /// A new userfaultfd; RAX is the flags and becomes its descriptor. What watched memory in the
  /// last round goes.
  void userfaultfd() {
    code.move(Reg.RDI, Reg.RAX);
    runtime.must(LinuxCall.USERFAULTFD, "userfaultfd");
    becomes(UffdCode.DESCRIPTOR);
    new UffdCode(code).api(runtime);
    code.move(Reg.RAX, UffdCode.DESCRIPTOR);
  }

  /// Makes the file of a call to file() as it is at first: its length is in RAX; RAX becomes the
  /// descriptor.
  void reset(Call call) {
    int descriptor = FIRST + files.indexOf(call);
    var length = Evaluation.constant((Expression) call.arguments().getFirst());
    if (!changeSize && !isInMemory(call) && isWritten(length)) {
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

  private static boolean isInMemory(Call call) {
    return call.function() == SystemCall.MEMFD;
  }

  private void createMemfd(int index) {
    runtime.address(Reg.RDI, "shootdown");
    code.move(Reg.RSI, 0);
    runtime.must(LinuxCall.MEMFD_CREATE, "memfd_create");
    becomes(FIRST + index);
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
}
