package shootdown.kernel.data;

import java.util.Optional;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Pte;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.View;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// All page frames, and the page allocator.
///
/// A folio's flags, its lock and [Folio#isolated] are bits of one word in Linux, `page->flags`;
/// here they are three, as they are used in different ways.
public final class Folios {
  private static final Violation LOST_BIT =
      new Violation(
          "kernel bug",
          "an update of page->flags loses a change of PG_locked, PG_waiters or PG_lru");

  private final Machine machine;
  private final Steps steps;
  private final Ground ground;
  private final Words refcounts;
  private final Words mapcounts;
  private final Words flags;
  private final Words mappings;
  private final Words indices;
  private final Words swaps;
  private final Words isolated;
  private final Words stableNodes;
  private final Words heads;
  private final Words entireMapcounts;
  private final Lock[] locks;
  private final Lock zoneLock;
  private final Word free;
  private final Tree freeList;

  Folios(Program program, Machine machine, Ground ground) {
    int frames = machine.memory().frames();
    this.machine = machine;
    this.steps = program.steps();
    this.ground = ground;
    this.refcounts = words(program, "refcount", frames, false);
    this.mapcounts = words(program, "mapcount", frames, false);
    this.flags =
        program.words(i -> "F" + i + " flags", frames, 0, Folio::showFlags, true);
    this.mappings = words(program, "mapping", frames, false);
    this.indices = words(program, "index", frames, false);
    this.swaps = words(program, "swap slot", frames, false);
    this.isolated = words(program, "isolated", frames, false);
    this.stableNodes = words(program, "stable node", frames, false);
    int blocks = machine.layout().hugeBlocks();
    this.heads = words(program, "PG_head of block", blocks, false);
    this.entireMapcounts = words(program, "entire mapcount of block", blocks, false);
    this.locks = new Lock[frames];
    for (int i = 0; i < frames; i++) {
      locks[i] = program.lock("lock(F" + i + ")", LockOrder.FOLIO.lockClass());
      program.together(
          flags.at(i).index(), LOST_BIT, locks[i].index(), isolated.at(i).index());
      program.together(isolated.at(i).index(), LOST_BIT, locks[i].index());
    }
    this.zoneLock = program.lock("zone lock", LockOrder.ZONE.lockClass());
    this.freeList = new Tree(program, "free_area");
    this.free =
        program
            .words(i -> "free frames", 1, freeAtFirst(frames), Long::toBinaryString, false)
            .at(0);
    if (layout().zeroPages() > 0) {
      keepZeroPages(program, blocks);
    }
  }

  /// The kernel has a reference to them, for ever.
  private void keepZeroPages(Program program, int blocks) {
    program.init(refcounts.at(layout().zeroFrame()), 1);
    program.init(flags.at(layout().zeroFrame()), Folio.UPTODATE);
    if (blocks > 0) {
      int head = layout().blockStart(blocks - 1);
      program.init(heads.at(blocks - 1), 1);
      program.init(refcounts.at(head), 1);
      program.init(flags.at(head), Folio.UPTODATE);
    }
  }

  /// All but those of the zero pages.
  private long freeAtFirst(int frames) {
    long mask = 0;
    for (int pfn = 0; pfn < frames; pfn++) {
      mask |= layout().isZero(pfn) ? 0 : 1L << pfn;
    }
    return mask;
  }

  private static Words words(Program program, String what, int frames, boolean traced) {
    return program.words(i -> "F" + i + " " + what, frames, 0, Long::toString, traced);
  }

  /// The page in frame `pfn`, with the folio that it is part of now: `page_folio()`.
  public Folio folio(int pfn) {
    int block = exists(pfn) ? layout().blockOf(pfn) : -1;
    return block < 0 || heads.at(block).is(0) ? small(pfn) : pageOfBlock(block, pfn);
  }

  /// Whether the frame is the zero page, or part of the huge one: a page that everybody may map,
  /// and nobody may write to. Who maps it is counted nowhere; who pins it is.
  @Models(file = "include/linux/pgtable.h", function = "is_zero_pfn")
  public boolean isZero(int pfn) {
    return layout().isZero(pfn);
  }

  /// The zero page: `ZERO_PAGE()`.
  public Folio zeroPage() {
    if (!layout().isZero(layout().zeroFrame())) {
      throw steps.fail(new Violation(Machine.LIMIT, "no zero page"));
    }
    return small(layout().zeroFrame());
  }

  /// The huge zero page.
  public Folio hugeZeroPage() {
    if (layout().zeroPages() == 0) {
      throw steps.fail(new Violation(Machine.LIMIT, "no huge zero page"));
    }
    return huge(layout().blockStart(layout().hugeBlocks() - 1));
  }

  /// The page that a present entry maps; empty if that is the zero page, which takes no part in
  /// what is done to others.
  @Models(file = "mm/memory.c", function = "vm_normal_folio", leavesOut = "memory without folios")
  @Models(file = "mm/memory.c", function = "vm_normal_folio_pmd")
  public Optional<Folio> vmNormalFolio(Pte pte) {
    return isZero(pte.pfn()) ? Optional.empty() : Optional.of(folio(pte.pfn()));
  }

  /// As [#folio], seen from outside of all tasks.
  public Folio folio(View view, int pfn) {
    int block = layout().blockOf(pfn);
    return block < 0 || view.get(heads.at(block)) == 0 ? small(pfn) : pageOfBlock(block, pfn);
  }

  /// The folio of a huge page that is known to be one: a PMD entry maps it. Where there cannot be
  /// one, as the entry is another one by now, VM_BUG_ON_PAGE(!PageHead()) of zap_huge_pmd() and
  /// copy_huge_pmd() in mm/huge_memory.c finds it.
  public Folio huge(int pfn) {
    int block = exists(pfn) ? layout().blockOf(pfn) : -1;
    if (block < 0) {
      throw steps.fail(new Violation("kernel bug", "F" + pfn + " is no page of a huge page"));
    }
    return pageOfBlock(block, pfn);
  }

  private boolean exists(int pfn) {
    return pfn >= 0 && pfn < locks.length;
  }

  /// Page `i` of a folio.
  public Folio page(Folio folio, int i) {
    return folio.isLarge() ? huge(folio.head() + i) : folio;
  }

  /// Whether the page is still part of the same folio.
  public boolean isSame(Folio folio) {
    int block = layout().blockOf(folio.pfn());
    return block < 0 || heads.at(block).is(folio.isLarge() ? 1 : 0);
  }

  /// The node of KSM's stable tree that the folio, which is [Folio#STABLE], is the page of.
  public StableNode stableNode(Folio folio) {
    return new StableNode(stableNodes.at(folio.pfn()), steps);
  }

  /// Number of PMD entries that map a huge page: `_entire_mapcount`.
  public Word entireMapcount(Folio huge) {
    return entireMapcounts.at(layout().blockOf(huge.pfn()));
  }

  /// One entry more maps it. Statistics count that, for which the task must keep its CPU:
  /// `preempt_disable_nested()` in `__mod_node_page_state()`, as of v6.1.
  ///
  /// @param mapcount of the page, or [#entireMapcount]
  public void addRmap(Word mapcount) {
    steps.assertAtomic();
    mapcount.add(1);
  }

  /// One entry less maps it; as [#addRmap].
  public void removeRmap(Word mapcount) {
    steps.assertAtomic();
    mapcount.add(-1);
  }

  /// Whether any entry maps the folio, or a page of it.
  @Models(file = "include/linux/mm.h", function = "folio_mapped")
  public boolean isMapped(Folio folio) {
    return folio.isLarge()
        ? steps.scope(() -> mapcount(folio) > 0)
        : !folio.mapcount().is(0);
  }

  /// How often a huge page is mapped, by PMD entries and by PTEs of its pages.
  @Models(
      file = "include/linux/mm.h",
      function = "folio_mapcount",
      leavesOut = "since v6.9 there is one count for all; it is read as if there was")
  public long mapcount(Folio huge) {
    return steps.atomically(
        "folio_mapcount",
        () -> {
          long sum = entireMapcount(huge).read();
          for (int i = 0; i < huge.pages(); i++) {
            sum += mapcounts.at(huge.head() + i).read();
          }
          return sum;
        });
  }

  /// The count that says whether a huge page may be written by the one who maps it: how often the
  /// page is mapped that is mapped most often.
  @Models(
      file = "mm/huge_memory.c",
      function = "page_trans_huge_mapcount",
      leavesOut = "PG_double_map; the function went in v5.18")
  public long transHugeMapcount(Folio huge) {
    return steps.call(
        "page_trans_huge_mapcount",
        () -> {
          long most = 0;
          for (int i = 0; i < huge.pages(); i++) {
            most = Math.max(most, mapcounts.at(huge.head() + i).read());
          }
          return most + entireMapcount(huge).read();
        });
  }

  /// Makes each page of a huge folio, whose refcount is frozen, a folio of its own.
  ///
  /// @param references of each: the caller's, and the page cache's
  @Models(
      file = "mm/huge_memory.c",
      function = "__split_folio_to_order",
      leavesOut = "other orders than 0")
  public void splitCompound(Folio huge, int references) {
    steps.atomic(
        "split compound",
        () -> {
          long flagsOfAll = huge.flags().read(~Folio.ANON_EXCLUSIVE);
          long index = huge.index().read();
          long mapping = huge.mapping().read();
          for (int i = 1; i < huge.pages(); i++) {
            var piece = small(huge.head() + i);
            piece.flags().write(flagsOfAll);
            piece.mapping().write(mapping);
            piece.index().write(index + i);
            piece.refcount().write(references);
          }
          heads.at(layout().blockOf(huge.head())).write(0);
          huge.refcount().write(references);
          steps.note(() -> "splits huge F" + huge.head());
        });
  }

  /// A frame as a folio of its own, whether it is one now or not.
  public Folio small(int pfn) {
    return view(pfn, pfn, 1);
  }

  private Folio pageOfBlock(int block, int pfn) {
    return view(pfn, layout().blockStart(block), layout().ptrsPerPte());
  }

  private Folio view(int pfn, int head, int pages) {
    if (!exists(pfn)) {
      throw steps.fail(new Violation("kernel bug", "an oops: there is no page frame " + pfn));
    }
    return new Folio(
        pfn,
        head,
        pages,
        refcounts.at(head),
        mapcounts.at(pfn),
        flags.at(head),
        flags.at(pfn),
        mappings.at(head),
        indices.at(head),
        swaps.at(head),
        isolated.at(head),
        locks[head]);
  }

  private Layout layout() {
    return machine.layout();
  }

  public int count() {
    return locks.length;
  }

  /// `alloc_page()`: a free frame, with one reference and old contents. Out of memory is a stated
  /// limit of the model, not a path of the kernel.
  public Folio alloc() {
    int pfn =
        steps.call(
            "alloc_page",
            () -> {
              zoneLock.lock();
              long all = free.read();
              long mask = all & (1L << layout().smallFrames()) - 1;
              if (mask == 0) {
                throw steps.fail(new Violation(Machine.LIMIT, "out of page frames"));
              }
              int first = Long.numberOfTrailingZeros(mask);
              freeList.change(
                  () -> {
                    free.write(all & ~(1L << first));
                    return true;
                  });
              steps.atomic(
                  "allocate",
                  () -> {
                    refcounts.at(first).write(1);
                    ground.frameAllocated(first);
                  });
              zoneLock.unlock();
              return first;
            });
    return folio(pfn);
  }

  /// A huge page, with one reference and old contents. None left is a stated limit of the model:
  /// there is no fault of small pages instead.
  @Models(
      file = "mm/huge_memory.c",
      function = "vma_alloc_anon_folio_pmd",
      leavesOut = "failure, memory cgroups")
  public Folio allocHuge() {
    int pfn =
        steps.call(
            "alloc_huge_page",
            () -> {
              zoneLock.lock();
              long all = free.read();
              int head = layout().blockStart(freeBlock(all));
              freeList.change(
                  () -> {
                    free.write(all & ~blockMask(head));
                    return true;
                  });
              steps.atomic("allocate", () -> prepare(head));
              zoneLock.unlock();
              return head;
            });
    return huge(pfn);
  }

  private int freeBlock(long mask) {
    for (int block = 0; block < layout().hugeBlocks(); block++) {
      long frames = blockMask(layout().blockStart(block));
      if ((mask & frames) == frames) {
        return block;
      }
    }
    throw steps.fail(new Violation(Machine.LIMIT, "out of huge pages"));
  }

  private long blockMask(int head) {
    return (1L << layout().ptrsPerPte()) - 1 << head;
  }

  @Models(file = "mm/page_alloc.c", function = "prep_compound_page")
  private void prepare(int head) {
    refcounts.at(head).write(1);
    heads.at(layout().blockOf(head)).write(1);
    steps.each(0, layout().ptrsPerPte(), i -> ground.frameAllocated(head + i));
  }

  /// `folio_put()`: drops a reference; the last one frees the frame.
  public void put(Folio folio) {
    put(folio, 1);
  }

  /// Drops several references at once, as `gup_put_folio()` does for a pin.
  public void put(Folio folio, long references) {
    steps.forget(
        () -> {
          if (folio.refcount().addIsZero(-references)) {
            free(folio(folio.head())); // as it is now: a reference on trust may have met a split
          }
        });
  }

  /// Frees a folio whose reference count has reached 0 or was frozen there.
  public void free(Folio folio) {
    if (folio.isLarge()) {
      freeHuge(folio);
    } else {
      freeSmall(folio);
    }
  }

  private void freeHuge(Folio folio) {
    steps.run(
        "free_huge_page",
        () -> {
          steps.each(0, folio.pages(), i -> page(folio, i).pageFlags().write(0));
          folio.mapping().write(0);
          folio.index().write(0);
          zoneLock.lock();
          freeList.change(() -> steps.atomically("free", () -> releaseHuge(folio)));
          zoneLock.unlock();
        });
  }

  private void freeSmall(Folio folio) {
    steps.run(
        "free_page",
        () -> {
          folio.flags().write(0);
          folio.mapping().write(0);
          folio.index().write(0);
          zoneLock.lock();
          freeList.change(() -> steps.atomically("free", () -> release(folio)));
          zoneLock.unlock();
        });
  }

  /// Takes a folio, which the caller keeps from being freed, off the LRU, with a reference; tells
  /// whether it did: not if somebody else has.
  @Models(file = "mm/vmscan.c", function = "folio_isolate_lru")
  public boolean folioIsolateLru(Folio folio) {
    return steps.atomically(
        "folio_isolate_lru",
        () -> {
          boolean mine = folio.isolated().cas(0, 1);
          if (mine) {
            folio.get();
          }
          return mine;
        });
  }

  /// Puts a folio back on the LRU and drops the reference of [#folioIsolateLru].
  @Models(file = "mm/vmscan.c", function = "folio_putback_lru")
  public void folioPutbackLru(Folio folio) {
    folio.isolated().write(0);
    put(folio);
  }

  private boolean releaseHuge(Folio folio) {
    heads.at(layout().blockOf(folio.head())).write(0);
    free.set(blockMask(folio.head()));
    steps.each(0, folio.pages(), i -> ground.frameFreed(folio.head() + i));
    steps.note(() -> "frees huge F" + folio.head());
    return true;
  }

  private boolean release(Folio folio) {
    free.set(1L << folio.pfn());
    stableNodes.at(folio.pfn()).write(0);
    ground.frameFreed(folio.pfn());
    steps.note(() -> "frees " + folio);
    return true;
  }

  /// `folio_zero_user()`: zeroes the contents of all pages; the caller alone can reach them.
  public void clear(Folio folio) {
    steps.atomic(
        "clear_page",
        () -> {
          for (int i = 0; i < folio.pages(); i++) {
            for (int word = 0; word < machine.memory().wordsPerPage(); word++) {
              machine.memory().at(folio.head() + i, word).write(0);
            }
          }
        });
  }

  /// `folio_zero_range()`: zeroes a page that others may reach.
  public void zero(Folio page) {
    steps.atomic("zero page", () -> clear(small(page.pfn())));
  }

  /// `copy_page()`: copies the contents, word by word, each an atomic read; all of it one step,
  /// which leaves out that a store may fall between two words.
  public void copy(Folio from, Folio to) {
    steps.atomic(
        "copy_page",
        () -> {
          for (int word = 0; word < machine.memory().wordsPerPage(); word++) {
            machine.memory().at(to.pfn(), word)
                .write(machine.memory().at(from.pfn(), word).read());
          }
        });
  }
}
