package shootdown.model;

import java.util.Set;
import shootdown.litmus.Constants;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.SystemCall;
import shootdown.machine.Layout;

/// Whether a test has huge pages, and how large one is in the model.
///
/// A test has them if it asks for them. `HPAGE` then is a few pages: the least power of two that is
/// more than any number of pages that the test names. So what is a part of a huge page in the test
/// is one here.
///
/// @param any whether it has
/// @param pages what `HPAGE` is, in pages
record HugePages(boolean any, int pages) {
  private static final Set<String> ASKED = Set.of("MADV_HUGEPAGE", "MADV_COLLAPSE");

  static HugePages of(LitmusTest test) {
    var text = Expressions.of(test);
    boolean any =
        text.calls().contains(SystemCall.COLLAPSE)
            || text.all().stream()
                .anyMatch(e -> e instanceof Expression.Constant c && ASKED.contains(c.name()));
    if (!any) {
      return new HugePages(false, Layout.PTRS_PER_PTE);
    }
    int most = text.all().stream().mapToInt(HugePages::named).max().orElse(0);
    return new HugePages(true, Math.max(2, Integer.highestOneBit(most) << 1));
  }

  /// So many pages of a file, and what is missing of a whole huge page.
  int roundUp(int filePages) {
    return (Math.max(1, filePages) + pages - 1) / pages * pages;
  }

  /// In bytes.
  long bytes() {
    return (long) pages * Layout.PAGE_SIZE;
  }

  /// How many pages an expression names: 0 for one that is no number of them, or of huge ones.
  private static int named(Expression expression) {
    long bytes = Evaluation.constant(expression).orElse(0);
    boolean small = bytes > 0 && bytes < Constants.HPAGE;
    // its parts are asked, too: HPAGE - PAGE names one page
    boolean huge = Evaluation.constant(expression, Constants.HPAGE * 2).orElse(0) != bytes;
    return small && !huge ? (int) ((bytes + Layout.PAGE_SIZE - 1) / Layout.PAGE_SIZE) : 0;
  }
}
