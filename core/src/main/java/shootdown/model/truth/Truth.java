package shootdown.model.truth;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import shootdown.kernel.data.Ground;
import shootdown.kernel.data.KernelData;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Naming;
import shootdown.machine.Witness;
import shootdown.sched.Program;
import shootdown.sched.View;
import shootdown.sched.Violation;

/// The ground truth of one program: make it first, give its witness to the machine and its ground
/// to the kernel's data, then [#attach] both.
public final class Truth {
  private static final int PRIVATES = 24;

  private final Locations locations;
  private final Books books;
  private final Oracles oracles;
  private final AccessCheck witness;
  private final Intentions ground;
  private final Machine[] machine = new Machine[1];
  private final KernelData[] kernel = new KernelData[1];
  private AtRest atRest;
  private TablesAtRest tablesAtRest;

  /// @param files how many files there can be
  /// @param filePages pages of each
  /// @param pipes how many pipes there can be
  /// @param waiters how many threads can wait for a futex
  public Truth(
      Program program,
      Layout layout,
      int files,
      int filePages,
      int pipes,
      int waiters,
      Naming naming) {
    this.locations =
        new Locations(
            files, filePages, layout.spaces(), Math.min(60, Math.max(PRIVATES, layout.frames())));
    this.books = Books.of(program, layout, locations, pipes);
    this.oracles = new Oracles(program.steps());
    var wakeups = new Wakeups(program, layout, waiters, machine, oracles);
    this.witness = new AccessCheck(books, locations, oracles, naming, layout, machine, wakeups);
    this.ground =
        new Intentions(program, layout, machine, kernel, books, locations, oracles, wakeups);
  }

  /// For the machine.
  public Witness witness() {
    return witness;
  }

  /// For the kernel.
  public Ground ground() {
    return ground;
  }

  /// Says what the truth is about.
  public void attach(Machine theMachine, KernelData theKernel) {
    machine[0] = theMachine;
    ground.attach(new Durability(theMachine, theKernel, books, locations, oracles));
    atRest = new AtRest(theMachine, theKernel, books, locations);
    tablesAtRest = new TablesAtRest(theMachine, theKernel);
    kernel[0] = theKernel;
  }

  /// What is wrong at the end of a run.
  ///
  /// @param allEnded no thread is asleep in the kernel, where it may hold references
  public List<Violation> atRest(View view, boolean allEnded) {
    var found = new ArrayList<>(atRest.check(view, allEnded));
    if (allEnded) {
      found.addAll(tablesAtRest.check(view));
    }
    return found;
  }

  /// What a load of a word of an address space would give at the end; empty where nothing is
  /// mapped.
  public OptionalLong load(View view, int mm, int vpn, int word) {
    return atRest.load(view, mm, vpn, word);
  }

  /// What a read of a file would give at the end.
  public long fileWord(View view, int file, int index, int word) {
    return atRest.fileRead(view, file, index, word);
  }
}
