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
///
/// And what was stored before the call is on the disk, so that a page which was not as on disk has
/// been written since. It may be different again by now.
final class Durability {
  private final Machine machine;
  private final KernelData kernel;
  private final Books books;
  private final Locations locations;
  private final Oracles oracles;

  Durability(
      Machine machine, KernelData kernel, Books books, Locations locations, Oracles oracles) {
    this.machine = machine;
    this.kernel = kernel;
    this.books = books;
    this.locations = locations;
    this.oracles = oracles;
  }

  /// Looks at page `index`; within the step in which the system call begins.
  void begins(int number, int index) {
    int location = locations.ofFile(number, index);
    if (!books.unsettled().is(location) && isAheadOfDisk(kernel.file(number), index, location)) {
      books.unsynced().begins(location, machine.steps().task());
    }
  }

  private boolean isAheadOfDisk(FileData file, int index, int location) {
    for (int word = 0; word < file.wordsPerPage(); word++) {
      if (books.contents().at(location, word).read() != file.disk(index, word).read()) {
        return true;
      }
    }
    return false;
  }

  /// Checks page `index`; within the step in which the system call returns.
  void check(int number, int index) {
    var file = kernel.file(number);
    int location = locations.ofFile(number, index);
    boolean unwritten = books.unsynced().ends(location, machine.steps().task());
    if (unwritten && !books.unsettled().is(location)) {
      oracles.violated(
          Oracles.LOST_WRITE,
          "page " + index + " of the file is synchronized, but what was stored before has not"
              + " been written");
    }
    var cached = file.cached(index);
    if (cached.isEmpty()) {
      return;
    }
    int pfn = cached.get();
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
