package shootdown.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import shootdown.model.TestResult.Column;
import shootdown.model.TestResult.Execution;
import shootdown.model.TestResult.ExecutionStep;
import shootdown.model.TestResult.Kind;

/// Writes executions down by hand: a line is a column's number, two blanks a level, and the text.
/// A text that starts with `=` is an effect, `?` a remark, `!` a violation; else depth 0 is a
/// statement and what is deeper a function.
final class Executions {
  private final List<Column> columns = new ArrayList<>();
  private final List<ExecutionStep> steps = new ArrayList<>();
  private OptionalInt cycleStart = OptionalInt.empty();

  Executions columns(String... tasks) {
    for (String task : tasks) {
      columns.add(new Column(task, columns.size()));
    }
    return this;
  }

  Executions steps(String text) {
    text.lines().forEach(this::step);
    return this;
  }

  Executions cycle(String text) {
    cycleStart = OptionalInt.of(steps.size());
    return steps(text);
  }

  Execution verdict(String verdict) {
    return new Execution(columns, steps, verdict, "0*12 1 0c1 1*3", cycleStart);
  }

  private void step(String line) {
    String text = line.substring(1).strip();
    int depth = (line.length() - line.substring(1).stripLeading().length() - 2) / 2;
    Kind kind = switch (text.charAt(0)) {
      case '=' -> Kind.EFFECT;
      case '?' -> Kind.REMARK;
      case '!' -> Kind.VIOLATION;
      default -> depth == 0 ? Kind.STATEMENT : Kind.FUNCTION;
    };
    boolean marked = kind != Kind.STATEMENT && kind != Kind.FUNCTION;
    steps.add(
        new ExecutionStep(
            line.charAt(0) - '0', depth, kind, marked ? text.substring(1).strip() : text));
  }

  /// Seed 2 in the words of its commit message.
  static Execution lostWrite() {
    return new Executions()
        .columns("P0", "P1", "K0")
        .steps(
            """
            0 *x = 1;
            0   handle_mm_fault
            0     do_shared_fault
            0       lock_page
            0       finish_fault
            0         = pte x: none -> pfn 3 W D Y
            0   = stores 1 to pfn 3
            1 mremap(x, PAGE, PAGE, MREMAP_MAYMOVE|MREMAP_FIXED, y);
            1   move_vma
            1     copy_vma
            1     move_page_tables
            1       move_ptes
            1         = pte x: pfn 3 W D Y -> none
            1         = pte y: none -> pfn 3 W D Y
            0 posix_fadvise(f, 0, PAGE, POSIX_FADV_DONTNEED);
            0   filemap_fdatawrite_range
            0     page_mkclean
            0       page_mkclean_one
            0         = pte y: pfn 3 W D Y -> pfn 3 w d Y
            0   ? page 0 of f is written: 1
            0 *x = 2;
            0   = stores 2 to pfn 3 through the TLB entry of cpu0 for x, which is stale by now
            1         ? drops the page-table lock
            1       flush_tlb_range
            1         = TLB of cpu0: x -> none
            0 munmap(y, PAGE);
            0   zap_pte_range
            0     = pte y: pfn 3 w d Y -> none
            0 posix_fadvise(f, 0, PAGE, POSIX_FADV_DONTNEED);
            0   invalidate_mapping_pages
            0     = page 0 of f: pfn 3 -> none
            0 pread(f, &r1, WORD, 0);
            0   ! lost write: 1 is read from word 0 of f, and 2 was stored
            """)
        .verdict("The store of step {21} is lost: step {12} cleared the PTE that {24} flushes.");
  }

  /// Seed 1.
  static Execution livelock() {
    return new Executions()
        .columns("P0")
        .steps(
            """
            0 r0 = *x;
            0   handle_mm_fault
            0     = pte x: none -> pfn 3 W d Y
            0 futex(x, FUTEX_LOCK_PI, 0);
            0   futex_lock_pi
            """)
        .cycle(
            """
            0     futex_lock_pi_atomic
            0       ? faults: the PTE is clean, and cpu0 takes it for read-only
            0     fault_in_user_writeable
            0       get_user_pages
            """)
        .verdict("futex() never returns.");
  }
}
