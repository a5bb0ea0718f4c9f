package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How the memory of a killed process is taken away before its threads have noticed. The first
/// change made truncation leave swap entries alone, too: [ZapSwapEntries].
public enum OomReap implements Decision {
  /// It is not: they free it when they end.
  NONE,
  /// aac453635549: one mmu_gather of the whole address space, as when it ends. Ports may leave out
  /// its flush, as no thread uses the address space any more; but these do.
  WHOLE,
  /// 687cb0884a71: one for each VMA.
  EACH_VMA;

  /// The decision in time. The second change was in the mm tree, and not upstream, on 20 November
  /// 2017; v4.14.4 has it, of 5 December.
  public static final History<OomReap> HISTORY =
      History.of(OomReap.class, NONE)
          .then(
              Fix.merged(
                  "aac453635549", "mm, oom: introduce oom reaper", "v4.6-rc1", WHOLE))
          .then(
              Fix.merged(
                  "687cb0884a71",
                  "mm, oom_reaper: gather each vma to prevent leaking TLB entry",
                  "v4.15-rc2",
                  EACH_VMA));
}
