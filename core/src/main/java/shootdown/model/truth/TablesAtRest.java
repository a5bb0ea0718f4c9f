package shootdown.model.truth;

import java.util.ArrayList;
import java.util.List;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.machine.Machine;
import shootdown.sched.View;
import shootdown.sched.Violation;

/// What must hold of page-table pages when all threads have ended: each that is given out is in one
/// place of one page table, where some VMA lies in what it maps, or in store for a huge page.
/// Nobody would free another one.
final class TablesAtRest {
  private final Machine machine;
  private final KernelData kernel;

  TablesAtRest(Machine machine, KernelData kernel) {
    this.machine = machine;
    this.kernel = kernel;
  }

  List<Violation> check(View view) {
    var found = new ArrayList<Violation>();
    var layout = machine.layout();
    int[] places = new int[layout.tables()];
    for (var mm : kernel.mms()) {
      for (int vpn = 0; vpn < layout.pages(); vpn = layout.pmdEnd(vpn)) {
        var entry = machine.lookAtPmd(view, mm.number(), vpn);
        if (entry.isTable()) {
          places[entry.table()]++;
          if (!mm.overlaps(view, vpn, layout.pmdEnd(vpn))) {
            found.add(
                accounting("table" + entry.table() + " maps a region in which no VMA lies"));
          }
        }
      }
    }
    for (var mm : kernel.mms()) {
      long stored = mm.depositedTables(view);
      for (int table = 0; table < places.length; table++) {
        places[table] += (int) (stored >>> table & 1);
      }
      deposits(view, mm, stored, found);
    }
    long used = kernel.usedTables(view);
    for (int table = 0; table < places.length; table++) {
      int expected = (int) (used >>> table & 1);
      if (places[table] != expected) {
        found.add(
            accounting(
                "table" + table + ", which is " + (expected == 0 ? "free" : "in use") + ", is in "
                    + places[table] + " places"));
      }
    }
    return found;
  }

  /// Each anonymous huge page has a page-table page in store, and there is none but for these.
  private void deposits(View view, Mm mm, long stored, List<Violation> found) {
    var layout = machine.layout();
    int huge = 0;
    for (int vpn = 0; vpn < layout.pages(); vpn = layout.pmdEnd(vpn)) {
      var entry = machine.lookAtPmd(view, mm.number(), vpn);
      huge += entry.isHuge() && isAnonymous(view, entry.pte().pfn()) ? 1 : 0;
    }
    if (Long.bitCount(stored) != huge) {
      found.add(
          accounting(
              Long.bitCount(stored) + " page tables are in store for " + huge + " huge pages"));
    }
  }

  private boolean isAnonymous(View view, int pfn) {
    return machine.layout().isZero(pfn)
        || Folio.isAnon(view.get(kernel.folios().folio(view, pfn).mapping()));
  }

  private static Violation accounting(String what) {
    return new Violation(Oracles.ACCOUNTING, "at the end " + what);
  }
}
