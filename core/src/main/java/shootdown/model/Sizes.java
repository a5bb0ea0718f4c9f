package shootdown.model;

import java.util.List;
import java.util.OptionalLong;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.mmap.MmanConstants;
import shootdown.litmus.Argument;
import shootdown.litmus.BinaryOperator;
import shootdown.litmus.Call;
import shootdown.litmus.Condition;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Observable;
import shootdown.litmus.Place;
import shootdown.litmus.Source;
import shootdown.litmus.Statement;
import shootdown.litmus.Target;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Violation;

/// How large a machine a test needs, judged from its text. Too small is no harm: a test that hits a
/// limit while it runs is reported as not decided, with the limit's name.
///
/// @param layout of the machine
/// @param files how many files there can be; shared anonymous memory is one each
/// @param filePages pages of each
/// @param pipes how many pipes there can be
/// @param hugePage what `HPAGE` is, in bytes
/// @param gatherRoom how many pages an mmu_gather has room for without asking for memory
record Sizes(
    Layout layout, int files, int filePages, int pipes, long hugePage, int gatherRoom) {
  private static final int MOST_FRAMES = 60;
  private static final int MOST_PAGES = 2048;
  private static final int MOST_WORDS = 64;
  private static final int WORDS_OF_PAGE = Layout.PAGE_SIZE / Layout.WORD_SIZE;
  private static final long PRIVATE_ANONYMOUS =
      MmanConstants.MAP_PRIVATE | MmanConstants.MAP_ANONYMOUS;

  static Sizes of(LitmusTest test) {
    var huge = HugePages.of(test);
    var survey = new Survey(huge.bytes());
    survey.statements(test.init());
    test.threads().forEach(t -> survey.statements(t.body().statements()));
    survey.condition(test.condition());
    int cpus = test.threads().stream().mapToInt(LitmusThread::cpu).max().orElse(0) + 1;
    int spaces =
        1
            + (int)
                test.threads().stream()
                    .filter(t -> t.kind() == LitmusThread.Kind.CHILD)
                    .count();
    int words = Math.min(MOST_WORDS, survey.words);
    int small = 2 + (survey.touched + 1) * (spaces + 1);
    var layout =
        huge.any()
            ? survey.hugeLayout(cpus, spaces, small, words, test.threads().size())
            : survey.layout(cpus, spaces, small, words, test.threads().size());
    return new Sizes(
        layout,
        Math.max(1, survey.files),
        huge.any() ? huge.roundUp(survey.filePages) : Math.max(1, survey.filePages),
        survey.pipes,
        huge.bytes(),
        survey.gatherRoom);
  }

  /// Goes through the text and adds up.
  private static final class Survey {
    private int mapped;
    private int touched;
    private int files;
    private int pipes;
    private int filePages = 1;
    private int words = 1;
    private int hugeAreas;
    private int hugePages;
    private int zeroPages;
    private int unmaps;
    private int gatherRoom = KernelData.MUCH_ROOM;
    private final long hugePage;

    Survey(long hugePage) {
      this.hugePage = hugePage;
    }

    /// Besides the page-table pages that may be in use at once, one for each thread that may find
    /// that it comes too late with one, and one for each call that takes one away: it is free only
    /// after the flush, and after whoever walks there without locks.
    private int tables(int inUse, int threads) {
      return Math.min(60, inUse + threads + unmaps);
    }

    Layout layout(int cpus, int spaces, int small, int words, int threads) {
      int pages =
          Math.min(MOST_PAGES, Math.max(8, mapped + 2) + (hugeAreas > 0 ? 1024 : 0));
      int pmds = (pages + Layout.PTRS_PER_PTE - 1) / Layout.PTRS_PER_PTE;
      return new Layout(
          cpus,
          spaces,
          pages,
          Math.min(MOST_FRAMES, small + zeroPages),
          words,
          tables(spaces * pmds, threads),
          Layout.PTRS_PER_PTE,
          0,
          zeroPages);
    }

    /// A block for each huge page of each process, and for each thread that may find that it comes
    /// too late with one. One more is for zeroes.
    Layout hugeLayout(int cpus, int spaces, int small, int words, int threads) {
      int size = (int) (hugePage / Layout.PAGE_SIZE);
      if (size > MOST_FRAMES / 2) {
        throw new Sequential.Failed(
            new Violation(Machine.LIMIT, "a test with huge pages that names so many pages"));
      }
      int pmds = (Math.max(8, mapped + 2) + size - 1) / size + hugeAreas;
      int blocks = Math.clamp(hugePages * spaces + threads, 1, MOST_FRAMES / 2 / size);
      blocks += zeroPages;
      int frames = Math.min(MOST_FRAMES, small + zeroPages + blocks * size);
      return new Layout(
          cpus,
          spaces,
          pmds * size,
          frames,
          words,
          tables(spaces * pmds, threads),
          size,
          blocks,
          zeroPages);
    }

    void statements(List<Statement> statements) {
      for (var statement : statements) {
        switch (statement) {
          case Statement.Assign(var target, var source, _) -> {
            if (target instanceof Target.Memory(var place)) {
              place(place);
            }
            source(source);
          }
          case Statement.If(var condition, var then, var otherwise, _) -> {
            expression(condition);
            statements(then.statements());
            statements(otherwise.statements());
          }
          case Statement.While(var condition, var body, _) -> {
            expression(condition);
            statements(body.statements());
          }
          case Statement.Block(var inner, _) -> statements(inner);
        }
      }
    }

    void condition(Condition condition) {
      if (condition instanceof Condition.Over over) {
        for (var observable : over.observables()) {
          switch (observable) {
            case Observable.Memory(_, long word) -> word(word);
            case Observable.File(_, long word) -> {
              word(word);
              filePages = (int) Math.max(filePages, Math.min(MOST_PAGES, word / WORDS_OF_PAGE + 1));
            }
            case Observable.Register _, Observable.Signal _, Observable.Bound _ -> {}
          }
        }
      }
    }

    private void word(long word) {
      bytes(word % WORDS_OF_PAGE * Layout.WORD_SIZE + 1);
    }

    private void source(Source source) {
      switch (source) {
        case Call call -> call(call);
        case Expression expression -> expression(expression);
      }
    }

    private void call(Call call) {
      for (var argument : call.arguments()) {
        if (argument instanceof Expression expression) {
          expression(expression);
        }
      }
      switch (call.function()) {
        case MMAP -> {
          int pages = pages(call, 1);
          mapped += pages;
          hugePages += (int) (pages * (long) Layout.PAGE_SIZE / hugePage);
          touched += Math.min(pages, 8);
          files++;
          filePages = Math.max(filePages, pages + pages(call, 5));
          huge(pages);
          long kind = constant(call, 3).orElse(PRIVATE_ANONYMOUS);
          boolean zeroes =
              (kind & (MmanConstants.MAP_TYPE | MmanConstants.MAP_ANONYMOUS)) == PRIVATE_ANONYMOUS;
          zeroPages = zeroes ? 1 : zeroPages;
          unmaps += (kind & MmanConstants.MAP_FIXED) == 0 ? 0 : 1;
        }
        case RESERVE -> {
          mapped += pages(call, 0);
          huge(pages(call, 0));
        }
        case FILE, MEMFD -> {
          files++;
          filePages = Math.max(filePages, pages(call, 0));
          touched += Math.min(pages(call, 0), 8);
        }
        case PIPE -> pipes++;
        case MMU_GATHER -> gatherRoom = (int) constant(call, 0).orElseThrow();
        case IOCTL -> touched += Math.min(pages(call, 3) + pages(call, 4), 8); // UFFDIO_COPY's len
        case READ, VMSPLICE -> constant(call, 2).ifPresent(this::bytes);
        case MREMAP -> {
          mapped += pages(call, 2);
          unmaps++;
        }
        case MUNMAP -> unmaps++;
        case MADVISE -> unmaps += emptiesTable(call) ? 1 : 0;
        case FTRUNCATE -> filePages = Math.max(filePages, pages(call, 1));
        case PREAD, PWRITE -> {
          filePages = Math.max(filePages, pages(call, 3) + pages(call, 2) + 1);
          constant(call, 2).ifPresent(this::bytes);
          constant(call, 3).ifPresent(at -> bytes(at % Layout.PAGE_SIZE + 1));
        }
        default -> {}
      }
    }

    private boolean emptiesTable(Call call) {
      return constant(call, 2).orElse(-1) == MmanConstants.MADV_DONTNEED
          && constant(call, 1).orElse(0) >= hugePage;
    }

    /// So many pages lie together, and may be huge ones.
    private void huge(int pages) {
      int size = (int) (hugePage / Layout.PAGE_SIZE);
      hugeAreas += pages >= size ? 1 : 0;
    }

    /// The first `count` bytes of a page are used.
    private void bytes(long count) {
      if (count > 0 && count < Layout.PAGE_SIZE) {
        words = (int) Math.max(words, (count + Layout.WORD_SIZE - 1) / Layout.WORD_SIZE);
      }
    }

    private void expression(Expression expression) {
      switch (expression) {
        case Expression.Load(var place, _) -> place(place);
        case Expression.Unary(_, var operand, _) -> expression(operand);
        case Expression.Binary(_, var left, var right, _) -> {
          expression(left);
          expression(right);
        }
        case Expression.FutexOp _,
            Expression.Literal _,
            Expression.Constant _,
            Expression.Global _,
            Expression.Register _,
            Expression.ThreadId _ -> {}
      }
      if (expression instanceof Expression.Binary(var operator, _, var right, _)
          && operator == BinaryOperator.ADD) {
        constantOf(right).ifPresent(offset -> bytes(offset % Layout.PAGE_SIZE + 1));
      }
    }

    private void place(Place place) {
      switch (place) {
        case Place.Deref(var address, _) -> expression(address);
        case Place.Word(var base, var index, _) -> {
          expression(base);
          expression(index);
          var constant = constantOf(index);
          long word = constant.isPresent() ? constant.getAsLong() : 3;
          bytes(word * Layout.WORD_SIZE % Layout.PAGE_SIZE + 1);
        }
      }
    }

    /// 0 for a length or an offset that no test of this size has: it is an edge, or an address.
    private int pages(Call call, int argument) {
      long bytes = constant(call, argument).orElse(0);
      long pages = Math.max(0, bytes - 1) / Layout.PAGE_SIZE + (bytes > 0 ? 1 : 0);
      return pages > MOST_PAGES ? 0 : (int) pages;
    }

    private OptionalLong constant(Call call, int argument) {
      return argument < call.arguments().size()
              && call.arguments().get(argument) instanceof Expression expression
          ? constantOf(expression)
          : OptionalLong.empty();
    }

    private OptionalLong constantOf(Argument argument) {
      return argument instanceof Expression expression
          ? Evaluation.constant(expression, hugePage)
          : OptionalLong.empty();
    }
  }
}
