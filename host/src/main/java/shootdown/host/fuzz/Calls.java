package shootdown.host.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/// Writes random calls of the whole table of system calls.
///
/// What is left to the kernel's taste is left out: where mappings go (addresses are those of the
/// initial state), which pages reclaim takes.
final class Calls {
  private static final int NO_THREAD = 100_000_000;

  private final SplittableRandom random;
  private final Ingredients has;
  private boolean spliced;
  private boolean pagedOut;

  Calls(SplittableRandom random, Ingredients has) {
    this.random = random;
    this.has = has;
  }

  /// The right side of an assignment.
  String call() {
    return switch (random.nextInt(20)) {
      case 0 -> "munmap(" + address() + ", " + pick(Edges.LENGTHS) + ")";
      case 1, 2 ->
          "mprotect(%s, %s, %s)".formatted(
              address(), pick(Edges.LENGTHS), protection());
      case 3, 4 -> fixedMapping();
      case 5, 6 -> move();
      case 7, 8 ->
          "madvise(%s, %s, %s)".formatted(address(), pick(Edges.LENGTHS), advice());
      case 9 ->
          "msync(%s, %s, %s)".formatted(address(), pick(Edges.LENGTHS), pick(Edges.SYNC_FLAGS));
      case 10 -> "ftruncate(" + pick(Edges.DESCRIPTORS) + ", " + truncation() + ")";
      case 11, 12 -> readOrWrite();
      case 13 -> fileCall();
      case 14 -> futex();
      case 15 -> lock();
      case 16 -> direct();
      case 17 -> memory();
      case 18 -> splice();
      default -> read();
    };
  }

  String mapping(String at, int pages, String descriptor, String fixed) {
    boolean file = random.nextInt(3) > 0;
    boolean shared = random.nextBoolean();
    String protection =
        random.nextInt(4) > 0 ? "PROT_READ|PROT_WRITE" : protection();
    return "mmap(%s, %s, %s, %s%s%s%s, %s, %s)".formatted(
        at,
        pages == 1 ? "PAGE" : pages + " * PAGE",
        protection,
        shared ? "MAP_SHARED" : "MAP_PRIVATE",
        file ? "" : "|MAP_ANONYMOUS",
        fixed,
        random.nextInt(8) == 0 ? "|MAP_POPULATE" : "",
        file ? descriptor : "-1",
        file && random.nextInt(4) == 0 ? "PAGE" : "0");
  }

  /// A word of memory: mostly one that is mapped, for an access that faults ends the program.
  String place() {
    String name = random.nextInt(10) == 0 ? "z" : pick(List.of("x", "y"));
    int page = random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0;
    return ProgramGenerator.word(name, page, random.nextInt(4) == 0 ? 1 : 0);
  }

  private String fixedMapping() {
    String at =
        random.nextInt(6) == 0
            ? pick(List.of("z + 1", "NULL", "-PAGE", "1 << 47"))
            : pick(Edges.NAMES) + pick(List.of("", " + PAGE"));
    String how = random.nextInt(4) == 0 ? "|MAP_FIXED_NOREPLACE" : "|MAP_FIXED";
    return mapping(at, 1 + random.nextInt(2), pick(Edges.DESCRIPTORS), how);
  }

  /// Where the kernel would choose a place there is none of ours: only moves to a known place, and
  /// what stays.
  private String move() {
    String from = address() + ", " + pick(Edges.LENGTHS) + ", " + pick(Edges.LENGTHS);
    if (random.nextInt(3) == 0) {
      return "mremap(" + from + ", " + pick(List.of("0", "0", "8", "MREMAP_FIXED")) + ", z)";
    }
    String flags =
        random.nextInt(8) == 0
            ? "MREMAP_MAYMOVE|MREMAP_FIXED|MREMAP_DONTUNMAP"
            : "MREMAP_MAYMOVE|MREMAP_FIXED";
    return "mremap(" + from + ", " + flags + ", " + address() + ")";
  }

  /// A machine without swap pages no private memory out, and MADV_FREE then leaves what it drops
  /// elsewhere.
  private String advice() {
    String advice = pick(Edges.ADVICE);
    if (pagedOut && advice.equals("MADV_FREE")) {
      return "MADV_DONTNEED";
    }
    pagedOut |= advice.equals("MADV_PAGEOUT");
    return advice;
  }

  private String truncation() {
    return random.nextInt(8) == 0 ? "-1" : pick(Edges.FILE_LENGTHS);
  }

  private String readOrWrite() {
    return "%s(%s, %s, %s, %s)".formatted(
        random.nextBoolean() ? "pread" : "pwrite",
        pick(Edges.DESCRIPTORS),
        buffer(),
        pick(Edges.COUNTS),
        pick(Edges.FILE_OFFSETS));
  }

  private String fileCall() {
    return switch (random.nextInt(4)) {
      case 0 -> "fsync(" + pick(Edges.DESCRIPTORS) + ")";
      case 1 -> "fdatasync(" + pick(Edges.DESCRIPTORS) + ")";
      case 2 ->
          "posix_fadvise(%s, %s, %s, %s)".formatted(
              pick(Edges.DESCRIPTORS),
              pick(Edges.FILE_OFFSETS),
              pick(List.of("0", "PAGE", "2 * PAGE", "1", "-1")),
              pick(Edges.FILE_ADVICE));
      default ->
          "sync_file_range(%s, %s, %s, %s)".formatted(
              pick(Edges.DESCRIPTORS),
              pick(Edges.FILE_OFFSETS),
              pick(List.of("0", "PAGE", "2 * PAGE", "-1")),
              pick(Edges.RANGE_FLAGS));
    };
  }

  private String futex() {
    String at = pick(Edges.NAMES) + pick(Edges.FUTEX_OFFSETS);
    String other = pick(Edges.NAMES) + pick(Edges.FUTEX_OFFSETS);
    String secret = random.nextBoolean() ? "" : "_PRIVATE";
    return switch (random.nextInt(8)) {
      case 0 -> "futex(" + at + ", FUTEX_WAKE" + secret + ", 1)";
      case 1, 2 -> "futex(" + at + ", FUTEX_WAIT" + secret + ", 11, 0)";
      case 3 -> "futex(" + at + ", FUTEX_WAIT" + secret + ", " + futexValue(3) + ", 1)";
      case 4 ->
          "futex(%s, FUTEX_CMP_REQUEUE%s, 1, 1, %s, %s)".formatted(
              at, secret, other, futexValue(2));
      case 5 -> "futex(" + at + ", FUTEX_REQUEUE" + secret + ", 1, 1, " + other + ")";
      case 6 -> "futex(" + at + ", FUTEX_UNLOCK_PI" + secret + ")";
      default ->
          has.owners()
              ? "futex(" + at + ", FUTEX_TRYLOCK_PI" + secret + ")"
              : "futex(%s, FUTEX_WAKE_OP%s, 1, 1, %s, %s)".formatted(
                  at, secret, other, wakeOp());
    };
  }

  /// What a word may hold: 0, or what is no number of a thread.
  private String futexValue(int choices) {
    int choice = random.nextInt(choices);
    return choice == 0 ? "0" : "" + (NO_THREAD + choice);
  }

  /// An operand that makes no number of a thread.
  private String wakeOp() {
    return "FUTEX_OP(%s|FUTEX_OP_OPARG_SHIFT, %s, FUTEX_OP_CMP_EQ, 0)".formatted(
        pick(List.of("FUTEX_OP_ADD", "FUTEX_OP_SET", "FUTEX_OP_OR", "FUTEX_OP_XOR")),
        pick(List.of("27", "28")));
  }

  private String lock() {
    String call = random.nextBoolean() ? "mlock" : "munlock";
    return call + "(" + address() + ", " + pick(Edges.LENGTHS) + ")";
  }

  /// Of whole blocks: whether a file takes others depends on its holes.
  private String direct() {
    return "pread(%s, %s, %s, %s)".formatted(
        has.direct() ? "d" : "f",
        pick(Edges.NAMES) + pick(Edges.BLOCK_BUFFERS),
        pick(Edges.BLOCKS),
        pick(Edges.BLOCK_OFFSETS));
  }

  /// Of `/proc/self/mem`, the offset is an address.
  private String memory() {
    if (!has.memory()) {
      return "munmap(" + address() + ", " + pick(Edges.LENGTHS) + ")";
    }
    return "%s(m, %s, %s, %s)".formatted(
        random.nextInt(3) == 0 ? "pread" : "pwrite", buffer(), pick(Edges.COUNTS), buffer());
  }

  /// Whether vmsplice() can use a page that may only be written depends on what faults nearby have
  /// brought in.
  private String protection() {
    String protection = pick(Edges.PROTECTIONS);
    return has.pipe() && protection.equals("PROT_WRITE") ? "PROT_READ" : protection;
  }

  private String splice() {
    spliced = true;
    return "vmsplice(%s, %s, %s, %s)".formatted(
        pipe(), buffer(), pick(Edges.COUNTS), pick(Edges.SPLICE_FLAGS));
  }

  /// It would wait for ever at an empty pipe.
  private String read() {
    if (!spliced) {
      return splice();
    }
    return "read(%s, %s, %s)".formatted(pipe(), buffer(), pick(Edges.COUNTS));
  }

  private String pipe() {
    return has.pipe() && random.nextInt(10) > 0 ? "p" : "-1";
  }

  private String address() {
    return random.nextInt(25) == 0
        ? pick(Edges.FAR)
        : pick(Edges.NAMES) + pick(Edges.OFFSETS);
  }

  /// An address of whole words.
  private String buffer() {
    return random.nextInt(25) == 0
        ? pick(Edges.FAR_BUFFERS)
        : pick(Edges.NAMES) + pick(Edges.WORD_OFFSETS);
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
