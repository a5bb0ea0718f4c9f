package shootdown.host.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/// Writes random calls for programs about huge pages: what makes, splits, moves, discards and pins
/// them, whole and in parts.
final class HugeCalls {
  private static final List<String> NAMES = List.of("x", "x", "y", "z");
  private static final List<String> ADVICE =
      List.of("MADV_HUGEPAGE", "MADV_HUGEPAGE", "MADV_HUGEPAGE", "MADV_DONTNEED", "MADV_DONTNEED",
          "MADV_DONTNEED", "MADV_FREE", "MADV_COLD", "MADV_PAGEOUT", "MADV_POPULATE_READ",
          "MADV_POPULATE_WRITE", "MADV_DONTFORK", "MADV_DOFORK", "MADV_REMOVE", "MADV_NORMAL",
          "MADV_NOHUGEPAGE");
  private static final List<String> PROTECTIONS =
      List.of("PROT_READ|PROT_WRITE", "PROT_READ|PROT_WRITE", "PROT_READ", "PROT_READ",
          "PROT_NONE");
  private static final List<String> COUNTS = List.of("WORD", "WORD", "2 * WORD", "PAGE");

  /// What a program is compared with.
  enum Other {
    /// This machine's kernel.
    HOST,
    /// The same program without huge pages: advice that takes them away is left out, and whether a
    /// collapse succeeds is not looked at.
    SMALL_TWIN
  }

  private final SplittableRandom random;
  private final Ingredients has;
  private final Other other;
  private final boolean collapses;
  private boolean spliced;
  private boolean pagedOut;
  private boolean lazy;

  HugeCalls(SplittableRandom random, Ingredients has, Other other) {
    this.random = random;
    this.has = has;
    this.other = other;
    this.collapses = random.nextBoolean();
  }

  /// Whether there may be MADV_COLLAPSE. What the machine's kernel says of it depends on more. Of
  /// private memory that was never written to it is an error, of which the model knows nothing: so
  /// all memory is written to first, and none is new. Of an empty page-table page it is one, too,
  /// if MADV_DONTNEED emptied it (CONFIG_PT_RECLAIM, since v6.14): so there are pages wherever
  /// something is mapped.
  boolean collapses() {
    return collapses;
  }

  /// A collapse; one whose result matters is of one huge page.
  String collapse(String register) {
    if (other == Other.SMALL_TWIN) {
      return "madvise(" + range() + ", MADV_COLLAPSE)";
    }
    String range = pick(NAMES) + pick(List.of("", " + HPAGE")) + ", HPAGE";
    return "{ madvise(%s, MADV_POPULATE_READ); %s = madvise(%s, MADV_COLLAPSE); }".formatted(
        range, register, range);
  }

  /// The right side of an assignment.
  String call() {
    return switch (random.nextInt(17)) {
      case 0 -> "munmap(" + range() + ")";
      case 1, 2 -> "mprotect(" + range() + ", " + pick(PROTECTIONS) + ")";
      case 3 -> fixedMapping();
      case 4, 5, 6 -> move();
      case 7, 8, 9, 10 -> "madvise(" + range() + ", " + advice() + ")";
      case 11 -> (random.nextBoolean() ? "mlock" : "munlock") + "(" + small() + ")";
      case 12 ->
          "%s(f, %s, %s, %s)".formatted(
              random.nextBoolean() ? "pread" : "pwrite", address(), pick(COUNTS),
              pick(List.of("0", "WORD", "PAGE")));
      case 13 ->
          "pread(%s, %s, %s, 0)".formatted(
              has.direct() ? "d" : "f", page(), pick(List.of("PAGE", "2 * PAGE")));
      case 14 ->
          "%s(%s, %s, %s, %s)".formatted(
              random.nextInt(3) == 0 ? "pread" : "pwrite", has.memory() ? "m" : "f", address(),
              pick(COUNTS), has.memory() ? address() : "0");
      case 15 -> "msync(" + range() + ", MS_SYNC)";
      default -> pipe();
    };
  }

  /// Anonymous memory at a place, mostly private.
  String mapping(String at, Borders range, String protection, String flags) {
    return "mmap(%s, %s, %s, %s|MAP_ANONYMOUS|MAP_FIXED%s, -1, 0)".formatted(
        range.at(at),
        range.length(),
        protection,
        random.nextInt(5) == 0 ? "MAP_SHARED" : "MAP_PRIVATE",
        flags);
  }

  /// A word of memory: mostly one that is mapped, for an access that faults ends the program.
  String place() {
    String name = random.nextInt(20) == 0 ? "z" : pick(List.of("x", "x", "y"));
    var page = Borders.PAGES.get(random.nextInt(Borders.PAGES.size()));
    return word(name, page, random.nextInt(4) == 0 ? 1 : 0);
  }

  static String word(String name, Borders.Border page, int word) {
    String at = name + page.offset() + (word == 0 ? "" : " + WORD");
    return at.equals(name) ? "*" + name : "*(" + at + ")";
  }

  private String fixedMapping() {
    boolean written = collapses && other == Other.HOST;
    if (written || random.nextInt(4) == 0) {
      var page = Borders.PAGES.get(random.nextInt(Borders.PAGES.size()));
      return "mmap(%s%s, PAGE, PROT_READ|PROT_WRITE, %s|MAP_FIXED, g, 0)".formatted(
          pick(NAMES),
          page.offset(),
          written || random.nextBoolean() ? "MAP_SHARED" : "MAP_PRIVATE");
    }
    return mapping(
        pick(NAMES),
        Borders.any(random),
        random.nextInt(4) > 0 ? "PROT_READ|PROT_WRITE" : pick(PROTECTIONS),
        random.nextInt(8) == 0 ? "|MAP_POPULATE" : "");
  }

  private String move() {
    var from = Borders.any(random);
    String old = from.at(pick(NAMES)) + ", " + from.length() + ", ";
    if (random.nextInt(6) == 0) {
      return "mremap(" + old + from.shorter(random).length() + ", 0)";
    }
    var to = random.nextInt(3) == 0 ? from : from.target(random);
    return "mremap(%s%s, MREMAP_MAYMOVE|MREMAP_FIXED, %s)".formatted(
        old, to.length(), to.at(pick(NAMES)));
  }

  /// What is lazily free is there or not, as reclaim likes: it does not come by in these programs,
  /// unless it is called.
  private String advice() {
    String advice = pick(ADVICE);
    if (other == Other.SMALL_TWIN && advice.equals("MADV_NOHUGEPAGE")) {
      return "MADV_HUGEPAGE";
    }
    if (pagedOut && advice.equals("MADV_FREE") || lazy && advice.equals("MADV_PAGEOUT")) {
      return "MADV_DONTNEED";
    }
    pagedOut |= advice.equals("MADV_PAGEOUT");
    lazy |= advice.equals("MADV_FREE");
    return advice;
  }

  private String pipe() {
    if (!has.pipe()) {
      return "madvise(" + range() + ", MADV_DONTNEED)";
    }
    String arguments = "(p, " + address() + ", " + pick(COUNTS);
    if (spliced && random.nextBoolean()) {
      return "read" + arguments + ")";
    }
    spliced = true;
    return "vmsplice" + arguments + ", SPLICE_F_NONBLOCK)";
  }

  private String range() {
    var range = Borders.any(random);
    return range.at(pick(NAMES)) + ", " + range.length();
  }

  /// No more than a huge page, as there is a limit to what may be locked.
  private String small() {
    var range = Borders.any(random);
    while (range.to().huge() > 1) {
      range = Borders.any(random);
    }
    return range.at(pick(NAMES)) + ", " + range.length();
  }

  private String page() {
    return pick(NAMES) + Borders.PAGES.get(random.nextInt(Borders.PAGES.size())).offset();
  }

  /// Of a word.
  private String address() {
    return page() + pick(List.of("", "", "", " + WORD", " + PAGE - WORD"));
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
