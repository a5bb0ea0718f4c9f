package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Takes page-table pages out of the page table while their VMAs stay.
public final class CollapseFlush {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;

  public CollapseFlush(KernelData data) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
  }

  /// Takes the page-table page that maps page `vpn` away, and flushes; the PMD lock is held.
  @Models(file = "mm/pgtable-generic.c", function = "pmdp_collapse_flush")
  public Table pmdpCollapseFlush(Current me, int mm, int vpn) {
    return steps.call(
        "pmdp_collapse_flush",
        () -> {
          int table = steps.atomically("pmdp_huge_get_and_clear", () -> clear(mm, vpn));
          huge.flush(me.cpu(), mm, data.pmdp(mm, vpn));
          return new Table(data, mm, table);
        });
  }

  private int clear(int mm, int vpn) {
    if (!data.machine().tables().entry(mm, vpn).isTable()) {
      throw steps.fail(
          new Violation("kernel bug", "the PMD entry to collapse has no page table"));
    }
    return data.machine().pmdClear(mm, vpn);
  }
}
