package shootdown.kernel.data;

import shootdown.machine.Machine;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Words;

/// The roots of anon_vmas: `anon_vma->root`. What fork() and a split make of a VMA has an anon_vma
/// with the same root, so one lock and one tree stand for all of them here: a walk comes to VMAs
/// that Linux would have left out, and finds nothing there.
///
/// Root 0 is that of all mappings that have an anon_vma from the beginning. The others are made by
/// faults, and are not freed once a VMA has them.
public final class AnonVmas {
  /// As many as a [Vma] can tell apart: a power of two.
  public static final int MOST = 4;

  private final Steps steps;
  private final Lock[] locks;
  private final Tree[] trees;
  private final Words used;

  /// @param roots how many there may be
  AnonVmas(Program program, int roots) {
    this.steps = program.steps();
    this.locks = new Lock[roots];
    this.trees = new Tree[roots];
    for (int i = 0; i < roots; i++) {
      var name = i == 0 ? "anon_vma" : "anon_vma" + i;
      locks[i] = program.lock(name, LockOrder.ANON_VMA.lockClass());
      trees[i] = new Tree(program, name + "'s tree");
    }
    this.used =
        program.words(
            _ -> "anon_vmas in use", roots > 1 ? 1 : 0, 1, Long::toBinaryString, false);
  }

  /// `root->rwsem`.
  public Lock lock(int root) {
    return locks[root];
  }

  /// The interval tree of the VMAs that may map anonymous pages of this root; under [#lock].
  public Tree tree(int root) {
    return trees[root];
  }

  /// Whether faults make others than root 0.
  public boolean hasSeveral() {
    return locks.length > 1;
  }

  /// A root that nobody knows yet; more than there is room for are a stated limit. Where all VMAs
  /// have one root it is that: a child that MADV_WIPEONFORK left without an anon_vma gets it, too.
  @Models(file = "mm/rmap.c", function = "anon_vma_alloc")
  public int alloc() {
    if (!hasSeveral()) {
      return 0;
    }
    return steps.atomically(
        "anon_vma_alloc",
        () -> {
          int root = Long.numberOfTrailingZeros(~used.at(0).read());
          if (root >= locks.length) {
            throw steps.fail(new Violation(Machine.LIMIT, "out of anon_vmas"));
          }
          used.at(0).set(1L << root);
          return root;
        });
  }

  /// Gives back a root that no VMA has.
  @Models(file = "mm/rmap.c", function = "put_anon_vma")
  public void put(int root) {
    if (hasSeveral()) {
      steps.atomic("put_anon_vma", () -> used.at(0).clear(1L << root));
    }
  }
}
