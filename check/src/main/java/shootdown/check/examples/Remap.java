package shootdown.check.examples;

import shootdown.sched.Lock;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;
import shootdown.sched.Words;

/// The reference problem: the race of mremap() with page cleaning, in miniature.
///
/// Some CPUs store two values to each page of a file, one thread moves the pages and unmaps them,
/// another cleans them and drops them. `bench/twins` has the same steps in Promela and TLA+; the
/// counts of states are equal.
///
/// ```text
/// page-table entry   0 none   1 present   3 present and dirty; 2 writable at first
/// ```
public final class Remap {
  private static final LockClass PTL = new LockClass("ptl", 0, false, false);
  private static final Violation LOST =
      new Violation("lost write", "a clean page is dropped though it is newer than the disk");
  private static final Violation STALE =
      new Violation("stale access", "a store through the TLB reaches a page that was dropped");

  private final int pages;
  private final int writers;
  private final Flush flush;
  private final Program program = new Program();
  private final Steps steps = program.steps();

  private final Lock ptl = program.lock("ptl", PTL);
  private final Words oldPte;
  private final Words newPte;
  private final Words content;
  private final Words disk;
  private final Words dirty;
  private final Words mapped;
  private final Words cached;
  private final Words tlb;

  /// When the moving thread flushes the TLBs.
  public enum Flush {
    /// after it has dropped the page-table lock: a store can be lost
    AFTER_UNLOCK,
    /// before that if the entry was dirty
    BEFORE_UNLOCK_IF_DIRTY
  }

  private enum Access {
    STORED,
    UNMAPPED,
    WALKED,
    PROTECTED
  }

  private record Position(int page, int round) {}

  private Remap(int pages, int writers, Flush flush) {
    this.pages = pages;
    this.writers = writers;
    this.flush = flush;
    oldPte = program.words("X", pages, 2);
    newPte = program.words("Y", pages, 0);
    content = program.words("content", pages, 0);
    disk = program.words("disk", pages, 0);
    dirty = program.words("dirty", pages, 0);
    mapped = program.words("mapped", pages, 1);
    cached = program.words("cached", pages, 1);
    tlb = program.words("tlb", pages * writers, 0);
  }

  /// The program with some pages and some CPUs that write.
  public static Program program(int pages, int writers, Flush flush) {
    return new Remap(pages, writers, flush).build();
  }

  private Program build() {
    for (int w = 0; w < writers; w++) {
      int cpu = w;
      program.task("writer" + cpu, Task.Kind.NORMAL, () -> write(cpu));
    }
    program.task("remapper", Task.Kind.NORMAL, this::remap);
    program.task("writeback", Task.Kind.NORMAL, this::clean);
    return program;
  }

  private void write(int cpu) {
    steps.<Position, Boolean>loop(
        "store",
        new Position(0, 0),
        at -> {
          switch (access(cpu, at)) {
            case STORED -> {
              return next(at);
            }
            case UNMAPPED -> {
              return Turn.done(true);
            }
            case WALKED -> {
              return Turn.again(at);
            }
            case PROTECTED -> {
              fault(at.page);
              return Turn.again(at);
            }
          }
          throw new IllegalStateException("unreachable");
        });
  }

  private Turn<Position, Boolean> next(Position at) {
    if (at.page < pages - 1) {
      return Turn.again(new Position(at.page + 1, at.round));
    }
    return at.round == 0 ? Turn.again(new Position(0, 1)) : Turn.done(true);
  }

  private Access access(int cpu, Position at) {
    var pte = oldPte.at(at.page);
    var entry = tlb.at(cpu * pages + at.page);
    return steps.atomically(
        "the CPU's access",
        () -> {
          if (entry.is(1)) {
            if (!cached.at(at.page).is(1)) {
              throw steps.fail(STALE);
            }
            content.at(at.page).write(2L * cpu + 1 + at.round);
            return Access.STORED;
          }
          if (pte.is(0)) {
            return Access.UNMAPPED;
          }
          if (!pte.test(2)) {
            return Access.PROTECTED;
          }
          pte.write(3);
          entry.write(1);
          return Access.WALKED;
        });
  }

  private void fault(int page) {
    ptl.lock();
    steps.atomic(
        "make writable",
        () -> {
          if (!oldPte.at(page).is(0)) {
            oldPte.at(page).write(3);
          }
        });
    ptl.unlock();
  }

  private void remap() {
    steps.each(0, pages, this::move);
    steps.each(0, pages, this::unmap);
  }

  private void move(int page) {
    ptl.lock();
    boolean early =
        steps.scope(
            () -> {
              long entry = oldPte.at(page).swap(0);
              newPte.at(page).write(entry);
              return entry == 3 && flush == Flush.BEFORE_UNLOCK_IF_DIRTY;
            });
    if (early) {
      flush(page);
    }
    ptl.unlock();
    if (!early) {
      flush(page);
    }
  }

  private void flush(int page) {
    steps.each(0, writers, cpu -> tlb.at(cpu * pages + page).write(0));
  }

  private void unmap(int page) {
    ptl.lock();
    steps.forget(
        () -> {
          long entry = newPte.at(page).swap(0);
          dirty.at(page).set(entry == 3 ? 1 : 0);
        });
    ptl.unlock();
    mapped.at(page).write(0);
  }

  private void clean() {
    steps.each(0, pages, this::writepage);
    steps.each(0, pages, this::drop);
  }

  private void writepage(int page) {
    steps.forget(() -> collectDirty(page));
    if (dirty.at(page).testAndClear(1)) {
      steps.atomic("write to disk", () -> disk.at(page).write(content.at(page).read()));
    }
  }

  private void collectDirty(int page) {
    ptl.lock();
    boolean wasDirty = steps.scope(() -> mkclean(page));
    ptl.unlock();
    if (wasDirty) {
      dirty.at(page).write(1);
    }
  }

  private boolean mkclean(int page) {
    int found =
        steps.atomically(
            "clear dirty",
            () -> {
              if (oldPte.at(page).is(3)) {
                oldPte.at(page).write(1);
                return 1;
              }
              if (newPte.at(page).is(3)) {
                newPte.at(page).write(1);
                return 2;
              }
              return 0;
            });
    if (found == 1) {
      flush(page);
    }
    return found != 0;
  }

  private void drop(int page) {
    steps.atomic(
        "drop if clean",
        () -> {
          mapped.at(page).await(0);
          if (!dirty.at(page).is(1)) {
            if (content.at(page).read() != disk.at(page).read()) {
              throw steps.fail(LOST);
            }
            cached.at(page).write(0);
          }
        });
  }
}
