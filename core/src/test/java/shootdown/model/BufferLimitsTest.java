package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;

/// Buffers of read(), write() and vmsplice(): what is a stated limit, and what is not. `x` maps the
/// first page of the file `f` shared, `y` private; `a` is anonymous, and its first page is not
/// zero.
class BufferLimitsTest {
  private static final String SHIFTED = "pread or pwrite between two places of one page";
  private static final String RESERVED =
      "a direct read beyond the end of a file, behind a write that faulted";

  /// A copy from one place of a page to another would see what it has done.
  @ParameterizedTest
  @CsvSource({
    "'pwrite(f, x + WORD, 2 * WORD, 0)'",
    "'pwrite(f, x, 2 * WORD, WORD)'",
    "'pwrite(f, y + WORD, 2 * WORD, 0)'",
    "'pread(f, x + WORD, 2 * WORD, 0)'",
    "'pread(f, x, 2 * WORD, WORD)'",
  })
  void rangesThatOverlapAreALimit(String call) {
    assertEquals(new Alone.TooSmall(SHIFTED), run("r1 = " + call));
  }

  @ParameterizedTest
  @CsvSource({
    "'pwrite(f, x, 2 * WORD, 0)'",
    "'pwrite(f, x + 2 * WORD, 2 * WORD, 0)'",
    "'pwrite(f, x, 2 * WORD, PAGE + WORD)'",
    "'pwrite(f, x + WORD, WORD, 0)'",
    "'pwrite(f, x + WORD, 2 * WORD, PAGE - WORD)'",
    "'pwrite(f, a + WORD, 2 * WORD, 0)'",
    "'pread(f, y + WORD, 2 * WORD, 0)'",
    "'pread(f, x + WORD, WORD, 0)'",
    "'pread(f, a + WORD, 2 * WORD, 0)'",
  })
  void othersAreNot(String call) {
    assertInstanceOf(Alone.Ended.class, run("r1 = " + call));
  }

  /// What a write that faulted has reserved is beyond the end.
  @Test
  void aDirectReadBehindAWriteThatFaultedIsALimit() {
    assertEquals(
        new Alone.TooSmall(RESERVED),
        run("r1 = pwrite(f, hole, WORD, 2 * PAGE); r2 = pread(d, a, 2 * PAGE, PAGE)"));
  }

  @ParameterizedTest
  @CsvSource({
    "'pwrite(f, hole, WORD, 2 * PAGE)', 'pread(d, a, PAGE, PAGE)'",
    "'pwrite(f, hole, WORD, 2 * PAGE)', 'pread(d, a, PAGE, 2 * PAGE)'",
    "'pwrite(f, a, PAGE + WORD, PAGE)', 'pread(d, a, 2 * PAGE, PAGE)'",
  })
  void oneThatDoesNotMeetItIsNot(String write, String read) {
    assertInstanceOf(Alone.Ended.class, run("r1 = " + write + "; r2 = " + read));
  }

  @ParameterizedTest
  @CsvSource({"a", "x", "'a + WORD'", "'a + PAGE'"})
  void anyPageMayBeInAPipe(String page) {
    assertInstanceOf(Alone.Ended.class, run("r1 = vmsplice(p, " + page + ", WORD, 0)"));
  }

  private static Alone run(String statements) {
    return Alone.run(
        parse(
            """
            MM buffer
            {
              f = file(PAGE);
              d = open(f, O_RDWR|O_DIRECT);
              x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED, f, 0);
              y = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE, f, 0);
              a = mmap(NULL, 2 * PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
              hole = reserve(PAGE);
              p = pipe();
            }
            P0()
            {
              *a = 1;
              %s;
            }
            exists (f[0]=0 /\\ f[3]=0)
            """
                .formatted(statements)),
        "latest",
        "x86-64");
  }

  private static LitmusTest parse(String text) {
    return switch (Litmus.parse("buffer.litmus", text)) {
      case ParseResult.Parsed(var test, _) -> test;
      case ParseResult.Rejected rejected -> throw new IllegalArgumentException(rejected.render());
    };
  }
}
