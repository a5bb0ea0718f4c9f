package shootdown.examples.asid;

import java.util.List;
import java.util.stream.Stream;

/// How much there is of everything.
///
/// @param cpus 1 or more
/// @param tasks address spaces that CPUs switch between
/// @param asids numbers, the reserved one (0) included; at least two more than CPUs, at most 16
/// @param generations the last generation of numbers; what would begin another one is not followed
/// @param sharing whether CPUs share their TLB entries
public record Setup(int cpus, Tasks tasks, int asids, int generations, Sharing sharing) {
  /// Address spaces.
  ///
  /// @param running how many, 2 or more
  /// @param watched how many of them, the first ones, have TLB entries that are looked at
  /// @param unmapped how many of those have their page unmapped, again and again
  public record Tasks(int running, int watched, int unmapped) {
    public Tasks {
      if (running < 2 || watched > running || unmapped < 0 || unmapped > watched) {
        throw new IllegalArgumentException(running + " tasks, " + watched + ", " + unmapped);
      }
    }

    /// How many are alike: those that are unmapped, those that are watched alone, all others.
    int[] groups() {
      return new int[] {unmapped, watched - unmapped, running - watched};
    }
  }

  /// Of whom a TLB entry is.
  public enum Sharing {
    /// each CPU's own
    PRIVATE,
    /// Common not Private (Armv8.2-CnP): an entry may serve all CPUs
    COMMON
  }

  public Setup {
    if (cpus < 1 || generations < 1) {
      throw new IllegalArgumentException(cpus + " CPUs, " + generations + " generations");
    }
    if (asids < cpus + 2 || asids > 1 << Asid.BITS) {
      throw new IllegalArgumentException(asids + " ASIDs for " + cpus + " CPUs");
    }
  }

  /// Two CPUs with four ASIDs and three generations, as the specification has it; all tasks are
  /// watched, and any may be unmapped.
  public static Setup ofTasks(int tasks) {
    return new Setup(2, new Tasks(tasks, tasks, tasks), 4, 3, Sharing.PRIVATE);
  }

  /// As [#ofTasks], in two parts that are enough to show all that can go wrong: two tasks watched,
  /// and one that is unmapped.
  ///
  /// The allocator looks neither at TLBs nor at page tables, so it does the same in each part. What
  /// is wrong with the TLBs is that they hold an entry of each of two tasks, or one of a task that
  /// was unmapped; tasks are alike, so these may be the first ones. Unmapping another task only
  /// removes entries, and so hides what is wrong.
  public static List<Setup> partsOfTasks(int tasks) {
    return Stream.of(new Tasks(tasks, 2, 0), new Tasks(tasks, 1, 1))
        .map(ofTasks(tasks)::withTasks)
        .toList();
  }

  public Setup withTasks(Tasks other) {
    return new Setup(cpus, other, asids, generations, sharing);
  }

  public Setup withGenerations(int last) {
    return new Setup(cpus, tasks, asids, last, sharing);
  }

  public Setup withSharing(Sharing other) {
    return new Setup(cpus, tasks, asids, generations, other);
  }
}
