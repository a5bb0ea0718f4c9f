package shootdown.model.truth;

import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Machine;
import shootdown.sched.View;

/// How many entries map each frame at the end.
///
/// @param ptes PTEs, by the frame that they map
/// @param huge PMD entries, by the first frame of the huge page
record MappingCounts(int[] ptes, int[] huge) {
  static MappingCounts of(View view, Machine machine, int spaces) {
    var layout = machine.layout();
    var counts = new MappingCounts(new int[layout.frames()], new int[layout.frames()]);
    for (int mm = 0; mm < spaces; mm++) {
      for (int vpn = 0; vpn < layout.pages(); vpn = layout.pmdEnd(vpn)) {
        var entry = machine.lookAtPmd(view, mm, vpn);
        if (entry.isHuge()) {
          counts.huge[entry.pte().pfn()]++;
        } else if (entry.isTable()) {
          counts.countPtes(view, machine, mm, vpn);
        }
      }
    }
    return counts;
  }

  private void countPtes(View view, Machine machine, int mm, int first) {
    var layout = machine.layout();
    for (int vpn = first; vpn < Math.min(layout.pmdEnd(first), layout.pages()); vpn++) {
      var pte = machine.look(view, mm, vpn);
      if (VmPageProt.ptePresent(pte)) {
        ptes[pte.pfn()]++;
      }
    }
  }
}
