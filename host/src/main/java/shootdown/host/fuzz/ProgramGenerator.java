package shootdown.host.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Writes random litmus tests of one thread: an initial state, a few system calls and accesses, and
/// a condition that names everything that can be seen at the end.
///
/// What is left to the kernel's taste is left out: where mappings go (addresses are those of the
/// initial state), which pages reclaim takes.
final class ProgramGenerator {
  private static final List<String> NAMES = List.of("x", "y", "z");
  private static final List<String> OFFSETS =
      List.of("", "", "", " + PAGE", " + PAGE", " + 2 * PAGE", " + 1", " + WORD");
  private static final List<String> LENGTHS =
      List.of("PAGE", "PAGE", "PAGE", "2 * PAGE", "2 * PAGE", "3 * PAGE", "0", "1", "PAGE + 1",
          "PAGE - 1", "-1", "-PAGE", "1 << 62");
  private static final List<String> PROTECTIONS =
      List.of("PROT_READ|PROT_WRITE", "PROT_READ|PROT_WRITE", "PROT_READ|PROT_WRITE",
          "PROT_READ", "PROT_NONE", "PROT_WRITE", "PROT_READ|PROT_EXEC", "64");
  private static final List<String> ADVICE =
      List.of("MADV_DONTNEED", "MADV_DONTNEED", "MADV_FREE", "MADV_COLD", "MADV_PAGEOUT",
          "MADV_NORMAL", "MADV_WILLNEED", "MADV_DONTFORK", "MADV_DOFORK", "MADV_REMOVE",
          "MADV_POPULATE_READ", "MADV_POPULATE_WRITE", "MADV_RANDOM", "77");
  private static final List<String> FILE_LENGTHS =
      List.of("PAGE", "PAGE", "2 * PAGE", "3 * PAGE", "0", "WORD", "PAGE + WORD");
  private static final List<String> FILE_OFFSETS =
      List.of("0", "0", "0", "WORD", "PAGE", "PAGE", "2 * PAGE", "3 * PAGE", "-1", "-PAGE");
  private static final List<String> DESCRIPTORS = List.of("f", "f", "f", "f", "f", "-1");
  private static final List<String> FILE_ADVICE =
      List.of("POSIX_FADV_DONTNEED", "POSIX_FADV_DONTNEED", "POSIX_FADV_NORMAL",
          "POSIX_FADV_WILLNEED", "9");
  private static final List<String> SYNC_FLAGS =
      List.of("MS_SYNC", "MS_SYNC", "MS_ASYNC", "MS_INVALIDATE", "MS_SYNC|MS_INVALIDATE",
          "MS_SYNC|MS_ASYNC", "0", "8");
  private static final List<String> RANGE_FLAGS =
      List.of("SYNC_FILE_RANGE_WRITE", "7", "0", "8");
  private static final int WORDS_OF_PAGE = 512;
  private static final int MOST_STATEMENTS = 9;

  private final SplittableRandom random;
  private final List<String> statements = new ArrayList<>();
  private final List<String> observed = new ArrayList<>();
  private int registers;

  private ProgramGenerator(SplittableRandom random) {
    this.random = random;
  }

  /// The text of program `number`: a function of the seed and the number alone.
  static String program(long seed, long number) {
    var random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number);
    return new ProgramGenerator(random).text("fuzz" + number);
  }

  private String text(String name) {
    observed.add("0:sig=0");
    var initial = initial();
    int count = 2 + random.nextInt(MOST_STATEMENTS - 1);
    for (int i = 0; i < count; i++) {
      statement();
    }
    for (var global : NAMES) {
      for (int page = 0; page < 3; page++) {
        observed.add(word(global, page) + "=0");
      }
    }
    for (int page = 0; page < 3; page++) {
      observed.add(word("f", page) + "=0");
    }
    return "MM " + name + "\n\n{\n" + lines(initial) + "}\n\nP0()\n{\n" + lines(statements)
        + "}\n\nexists (" + String.join(" /\\ ", observed) + ")\n";
  }

  private static String word(String name, int page) {
    return page == 0 ? name : name + "[" + page * WORDS_OF_PAGE + "]";
  }

  private static String lines(List<String> statements) {
    return statements.stream().map(s -> "  " + s + ";\n").collect(Collectors.joining());
  }

  private List<String> initial() {
    var initial = new ArrayList<String>();
    initial.add("f = file(" + pick(FILE_LENGTHS) + ")");
    initial.add("x = " + mapping("NULL", 1 + random.nextInt(3), "f", ""));
    initial.add("y = " + mapping("NULL", 1 + random.nextInt(3), "f", ""));
    initial.add("z = reserve(3 * PAGE)");
    return initial;
  }

  private String mapping(String at, int pages, String descriptor, String fixed) {
    boolean file = random.nextInt(3) > 0;
    boolean shared = random.nextBoolean();
    String protection = random.nextInt(4) > 0 ? "PROT_READ|PROT_WRITE" : pick(PROTECTIONS);
    return "mmap(%s, %s, %s, %s%s%s, %s, %s)".formatted(
        at,
        pages == 1 ? "PAGE" : pages + " * PAGE",
        protection,
        shared ? "MAP_SHARED" : "MAP_PRIVATE",
        file ? "" : "|MAP_ANONYMOUS",
        fixed,
        file ? descriptor : "-1",
        file && random.nextInt(4) == 0 ? "PAGE" : "0");
  }

  private void statement() {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> store();
      case 4, 5 -> load();
      case 6 -> call("munmap(" + address() + ", " + pick(LENGTHS) + ")");
      case 7, 8 ->
          call("mprotect(" + address() + ", " + pick(LENGTHS) + ", " + pick(PROTECTIONS) + ")");
      case 9 -> fixedMapping();
      case 10, 11 -> move();
      case 12, 13 ->
          call("madvise(" + address() + ", " + pick(LENGTHS) + ", " + pick(ADVICE) + ")");
      case 14 -> call("msync(" + address() + ", " + pick(LENGTHS) + ", " + pick(SYNC_FLAGS) + ")");
      case 15 -> call("ftruncate(" + pick(DESCRIPTORS) + ", " + truncation() + ")");
      case 16 -> readOrWrite();
      case 17 -> fileCall();
      case 18 -> futex();
      default -> lock();
    }
  }

  private void store() {
    statements.add(place() + " = " + (1 + random.nextInt(9)));
  }

  private void load() {
    assign(place());
  }

  /// Mostly one that is mapped: an access that faults ends the program.
  private String place() {
    String name = random.nextInt(10) == 0 ? "z" : pick(List.of("x", "y"));
    int page = random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0;
    return page == 0 ? "*" + name : word(name, page);
  }

  private void fixedMapping() {
    String at = random.nextInt(6) == 0 ? "z + 1" : pick(NAMES) + pick(List.of("", " + PAGE"));
    String how = random.nextInt(4) == 0 ? "|MAP_FIXED_NOREPLACE" : "|MAP_FIXED";
    call(mapping(at, 1 + random.nextInt(2), pick(DESCRIPTORS), how));
  }

  /// Where the kernel would choose a place there is none of ours: only moves to a known place, and
  /// what stays.
  private void move() {
    String from = address() + ", " + pick(LENGTHS) + ", " + pick(LENGTHS);
    if (random.nextInt(3) == 0) {
      call("mremap(" + from + ", " + pick(List.of("0", "0", "8", "MREMAP_FIXED")) + ", z)");
      return;
    }
    String flags =
        random.nextInt(5) == 0
            ? "MREMAP_MAYMOVE|MREMAP_FIXED|MREMAP_DONTUNMAP"
            : "MREMAP_MAYMOVE|MREMAP_FIXED";
    call("mremap(" + from + ", " + flags + ", " + address() + ")");
  }

  private String truncation() {
    return random.nextInt(8) == 0 ? "-1" : pick(FILE_LENGTHS);
  }

  private void readOrWrite() {
    String where = pick(DESCRIPTORS) + ", " + address() + ", ";
    String count = pick(List.of("WORD", "WORD", "PAGE", "2 * PAGE", "0"));
    String call = random.nextBoolean() ? "pread" : "pwrite";
    call(call + "(" + where + count + ", " + pick(FILE_OFFSETS) + ")");
  }

  private void fileCall() {
    switch (random.nextInt(4)) {
      case 0 -> call("fsync(" + pick(DESCRIPTORS) + ")");
      case 1 -> call("fdatasync(" + pick(DESCRIPTORS) + ")");
      case 2 ->
          call(
              "posix_fadvise(" + pick(DESCRIPTORS) + ", " + pick(FILE_OFFSETS) + ", "
                  + pick(List.of("0", "PAGE", "2 * PAGE", "1", "-1")) + ", "
                  + pick(FILE_ADVICE) + ")");
      default ->
          call(
              "sync_file_range(" + pick(DESCRIPTORS) + ", " + pick(FILE_OFFSETS) + ", "
                  + pick(List.of("0", "PAGE", "2 * PAGE", "-1")) + ", "
                  + pick(RANGE_FLAGS) + ")");
    }
  }

  private void futex() {
    String at = pick(NAMES) + pick(List.of("", "", " + PAGE", " + 1", " + 4"));
    String other = pick(NAMES);
    String text =
        switch (random.nextInt(5)) {
          case 0 -> "futex(" + at + ", FUTEX_WAKE, 1)";
          case 1 -> "futex(" + at + ", FUTEX_WAIT, 11, 0)";
          case 2 -> "futex(" + at + ", FUTEX_CMP_REQUEUE, 1, 1, " + other + ", 0)";
          case 3 -> "futex(" + at + ", FUTEX_REQUEUE, 1, 1, " + other + ")";
          default ->
              "futex(" + at + ", FUTEX_WAKE_OP, 1, 1, " + other
                  + ", FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0))";
        };
    call(text);
  }

  private void lock() {
    String call = random.nextBoolean() ? "mlock" : "munlock";
    call(call + "(" + address() + ", " + pick(LENGTHS) + ")");
  }

  private String address() {
    if (random.nextInt(25) == 0) {
      return pick(List.of("NULL", "-PAGE", "1 << 62", "(1 << 47) - PAGE"));
    }
    return pick(NAMES) + pick(OFFSETS);
  }

  private void call(String text) {
    assign(text);
  }

  private void assign(String source) {
    String register = "r" + ++registers;
    statements.add(register + " = " + source);
    observed.add("0:" + register + "=0");
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
