package shootdown.model.truth;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.machine.Layout;
import shootdown.machine.Machine;

/// What must hold when fsync() or the like returns: what the disk lacks is known to be dirty.
///
/// A page that is written back has no writable entry until it is clean, so one that is clean, has
/// an entry that stores go through, and differs from the disk was missed: whoever writes back next
/// will miss it, too.
final class Durability {
  private final Machine machine;
  private final KernelData kernel;
  private final Oracles oracles;

  Durability(Machine machine, KernelData kernel, Oracles oracles) {
    this.machine = machine;
    this.kernel = kernel;
    this.oracles = oracles;
  }

  /// Checks page `index`; within the step in which the system call returns.
  void check(int number, int index) {
    var file = kernel.file(number);
    long slot = file.slot(index).read();
    if (slot == 0) {
      return;
    }
    int pfn = (int) slot - 1;
    boolean known =
        kernel.folios().folio(pfn).flags().test(Folio.DIRTY | Folio.WRITEBACK);
    if (!known && differs(file, index, pfn) && isStoredThrough(pfn)) {
      oracles.violated(
          Oracles.LOST_WRITE,
          "page " + index + " of the file is synchronized, but the disk lacks what was stored, and"
              + " the page is not dirty");
    }
  }

  private boolean differs(FileData file, int index, int pfn) {
    for (int word = 0; word < file.wordsPerPage(); word++) {
      if (machine.memory().at(pfn, word).read() != file.disk(index, word).read()) {
        return true;
      }
    }
    return false;
  }

  private boolean isStoredThrough(int pfn) {
    Layout layout = machine.layout();
    for (int space = 0; space < layout.spaces(); space++) {
      for (int vpn = 0; vpn < layout.pages(); vpn++) {
        var pte = machine.entryAt(space, vpn);
        if (pte.present() && pte.pfn() == pfn && pte.writable() && pte.dirty()) {
          return true;
        }
      }
    }
    return false;
  }
}
