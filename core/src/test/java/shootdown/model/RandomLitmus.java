package shootdown.model;

import java.util.Random;

/// Writes small litmus tests at random: a file, two places to map it at, threads that store, load
/// and call. Equal seeds give equal tests.
final class RandomLitmus {
  private static final String RW = "PROT_READ|PROT_WRITE";
  private static final String[] EVERYWHERE = {"x", "x + PAGE", "y", "y + PAGE"};
  private static final String[] CLOSE = {"x", "x", "x", "x", "x", "y", "x + PAGE"};

  /// Statements of a thread, by the number of threads.
  private static final int[] MOST = {0, 4, 3, 2};

  /// Statements of a thread that is alone.
  private static final int LONGEST = 8;

  private final Random random;
  private final StringBuilder out = new StringBuilder();
  private final boolean sequential;
  private final boolean futex;
  private final String[] places;
  private final int users;
  private int filePages;
  private int forks;
  private int register;
  private int value;

  private RandomLitmus(long seed, boolean sequential) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.sequential = sequential;
    this.futex = random.nextInt(4) == 0 && !sequential;
    this.places = random.nextInt(2) == 0 ? EVERYWHERE : CLOSE;
    this.users = sequential ? 1 : pick(1, 2, 2, 2, 3);
  }

  /// The text of the test of this seed.
  static String of(long seed) {
    return new RandomLitmus(seed, false).text("random+" + seed);
  }

  /// The text of a test with one thread, whose end is certain.
  static String sequential(long seed) {
    return new RandomLitmus(seed, true).text("random+" + seed);
  }

  private String text(String name) {
    line("MM " + name);
    line("");
    line("{");
    initialState();
    line("}");
    for (int i = 0; i < users; i++) {
      thread("P" + i, () -> statements(sequential ? LONGEST : MOST[users]));
    }
    if (forks > 0) {
      thread("child P" + users, this::childBody);
    }
    int kernelThreads = sequential ? 0 : pick(0, 0, 0, 1, 1, 2);
    for (int i = 0; i < kernelThreads; i++) {
      thread("kthread K" + i, () -> line(pick("writeback(f);", "shrink(" + any(places) + ");")));
    }
    return out.toString();
  }

  private void initialState() {
    filePages = pick(1, 1, 2);
    line("  f = file(" + bytes(filePages) + ");");
    String prot = pick(RW, RW, RW, RW, "PROT_READ", "PROT_NONE");
    line("  x = " + mmap("NULL", prot, "") + ";");
    line("  y = " + pick("reserve(2 * PAGE)", mmap("NULL", RW, "")) + ";");
    if (prot.equals(RW)) {
      for (int i = random.nextInt(2); i > 0; i--) {
        line("  *x = " + ++value + ";");
      }
    }
  }

  private String mmap(String address, String prot, String flags) {
    int pages = pick(1, 1, 2);
    boolean anonymous = random.nextInt(3) == 0;
    int offset = anonymous || filePages == 1 ? 0 : pick(0, 0, 1);
    if (!anonymous) {
      pages = Math.clamp(filePages - offset + random.nextInt(2), 1, pages);
    }
    return "mmap(" + address + ", " + bytes(pages) + ", " + prot + ", "
        + pick("MAP_SHARED", "MAP_PRIVATE") + flags
        + (anonymous ? "|MAP_ANONYMOUS, -1, 0)" : ", f, " + bytes(offset) + ")");
  }

  private void thread(String name, Runnable body) {
    register = 0;
    line("");
    line(name + "()");
    line("{");
    body.run();
    line("}");
  }

  private void statements(int most) {
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      statement();
    }
  }

  private void childBody() {
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      if (random.nextInt(4) > 0) {
        access();
      } else {
        call();
      }
    }
  }

  private void statement() {
    int kind = random.nextInt(20);
    if (kind < 8) {
      access();
    } else if (kind == 8 && forks == 0 && !sequential) {
      forks++;
      line("  fork(P" + users + ");");
    } else if (kind > 16 && futex) {
      futex();
    } else {
      call();
    }
  }

  private void access() {
    String at = any(places);
    String place = at.contains("+") ? "*(" + at + ")" : "*" + at;
    if (random.nextInt(5) < 3) {
      line("  " + place + " = " + ++value + ";");
    } else {
      line("  " + result() + place + ";");
    }
  }

  private void futex() {
    line("  " + result() + pick(
        "futex(x, FUTEX_WAIT, 1, NULL)",
        "futex(x, FUTEX_WAKE, 1)",
        "futex(y, FUTEX_WAKE, 1)",
        "futex(x, FUTEX_WAIT_PRIVATE, 0, NULL)",
        "futex(x, FUTEX_WAKE_OP, 1, 1, y, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0))")
        + ";");
  }

  private void call() {
    String area = area();
    String length = bytes(pick(1, 1, 2));
    String call =
        switch (random.nextInt(20)) {
          case 0, 1, 2 -> "munmap(" + any(places) + ", " + length + ")";
          case 3 -> mmap(area, pick(RW, RW, "PROT_READ"), "|MAP_FIXED");
          case 4 -> mmap("NULL", RW, pick("", "|MAP_POPULATE"));
          case 5, 6, 7 -> mremap();
          case 8, 9, 10 ->
              "mprotect(" + any(places) + ", " + length + ", "
                  + pick(RW, "PROT_READ", "PROT_READ", "PROT_NONE") + ")";
          case 11, 12 -> "madvise(" + any(places) + ", " + length + ", MADV_DONTNEED)";
          case 13 -> "msync(" + area + ", " + length + ", " + pick("MS_SYNC", "MS_ASYNC") + ")";
          case 14 -> "posix_fadvise(f, 0, " + pick("PAGE", "0") + ", POSIX_FADV_DONTNEED)";
          case 15 -> "pread(f, &r" + ++register + ", WORD, " + bytes(random.nextInt(2)) + ")";
          case 16 -> pwrite();
          case 17, 18 ->
              "ftruncate(f, " + pick("0", "0", "WORD", "PAGE", "2 * PAGE") + ")";
          default -> pick("fsync(f)", "fdatasync(f)");
        };
    line("  " + (random.nextInt(3) == 0 ? result() : "") + call + ";");
  }

  private String pwrite() {
    String from = "r" + ++register;
    line("  " + from + " = " + ++value + ";");
    return "pwrite(f, &" + from + ", WORD, " + bytes(random.nextInt(2)) + ")";
  }

  private String mremap() {
    String old = area();
    int from = pick(1, 1, 2);
    int to = pick(1, 1, 2);
    String head = "mremap(" + old + ", " + bytes(from) + ", " + bytes(to) + ", ";
    return switch (random.nextInt(4)) {
      case 0 -> head + "0)";
      case 1 -> head + "MREMAP_MAYMOVE)";
      default ->
          head + "MREMAP_MAYMOVE|MREMAP_FIXED, " + (old.equals("x") ? "y" : "x")
              + pick("", "", " + PAGE") + ")";
    };
  }

  private String area() {
    return places == CLOSE ? pick("x", "x", "x", "x", "y") : pick("x", "x", "y");
  }

  private String result() {
    return "r" + ++register + " = ";
  }

  private static String bytes(int pages) {
    return switch (pages) {
      case 0 -> "0";
      case 1 -> "PAGE";
      default -> pages + " * PAGE";
    };
  }

  private String any(String[] texts) {
    return texts[random.nextInt(texts.length)];
  }

  private String pick(String... texts) {
    return any(texts);
  }

  private int pick(int... numbers) {
    return numbers[random.nextInt(numbers.length)];
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
