package shootdown.kernel.data;

import shootdown.machine.Machine;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// All page frames, and the page allocator.
public final class Folios {
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
  private final Lock[] locks;
  private final Lock zoneLock;
  private final Word free;

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
    this.locks = new Lock[frames];
    for (int i = 0; i < frames; i++) {
      locks[i] = program.lock("lock(F" + i + ")", LockOrder.FOLIO.lockClass());
    }
    this.zoneLock = program.lock("zone lock", LockOrder.ZONE.lockClass());
    this.free =
        program
            .words(i -> "free frames", 1, (1L << frames) - 1, Long::toBinaryString, false)
            .at(0);
  }

  private static Words words(Program program, String what, int frames, boolean traced) {
    return program.words(i -> "F" + i + " " + what, frames, 0, Long::toString, traced);
  }

  /// The frame of number `pfn`.
  public Folio folio(int pfn) {
    return new Folio(
        pfn,
        refcounts.at(pfn),
        mapcounts.at(pfn),
        flags.at(pfn),
        mappings.at(pfn),
        indices.at(pfn),
        swaps.at(pfn),
        isolated.at(pfn),
        locks[pfn]);
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
              long mask = free.read();
              if (mask == 0) {
                throw steps.fail(new Violation(Machine.LIMIT, "out of page frames"));
              }
              int first = Long.numberOfTrailingZeros(mask);
              free.write(mask & ~(1L << first));
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

  /// `folio_put()`: drops a reference; the last one frees the frame.
  public void put(Folio folio) {
    put(folio, 1);
  }

  /// Drops several references at once, as `gup_put_folio()` does for a pin.
  public void put(Folio folio, long references) {
    if (folio.refcount().addIsZero(-references)) {
      free(folio);
    }
  }

  /// Frees a frame whose reference count has reached 0 or was frozen there.
  public void free(Folio folio) {
    steps.run(
        "free_page",
        () -> {
          folio.flags().write(0);
          folio.mapping().write(0);
          folio.index().write(0);
          zoneLock.lock();
          steps.atomic(
              "free",
              () -> {
                free.set(1L << folio.pfn());
                ground.frameFreed(folio.pfn());
                steps.note(() -> "frees " + folio);
              });
          zoneLock.unlock();
        });
  }

  /// `clear_page()`: zeroes the contents; the caller alone can reach the frame.
  public void clear(Folio folio) {
    steps.atomic(
        "clear_page",
        () -> {
          for (int word = 0; word < machine.memory().wordsPerPage(); word++) {
            machine.memory().at(folio.pfn(), word).write(0);
          }
        });
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
