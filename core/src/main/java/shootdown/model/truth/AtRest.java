package shootdown.model.truth;

import static shootdown.model.truth.Oracles.ACCOUNTING;
import static shootdown.model.truth.Oracles.LOST_WRITE;
import static shootdown.model.truth.Oracles.PRIVILEGE;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Pipe;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Pte;
import shootdown.sched.View;
import shootdown.sched.Violation;

/// What must hold when all threads have ended: what was stored can still be read, and the counts
/// are the numbers of holders.
final class AtRest {
  private final Machine machine;
  private final KernelData kernel;
  private final Books books;
  private final Locations locations;
  private final SwapAtRest swap;

  AtRest(Machine machine, KernelData kernel, Books books, Locations locations) {
    this.machine = machine;
    this.kernel = kernel;
    this.books = books;
    this.locations = locations;
    this.swap = new SwapAtRest(machine, kernel, locations.spaces(), books.places().pages());
  }

  List<Violation> check(View view, boolean allEnded) {
    var found = new ArrayList<Violation>();
    kernel.files().forEach(file -> fileContents(view, file, found));
    kernel.files().forEach(file -> cleanPages(view, file, found));
    swap.cleanPages(view, found);
    for (int mm = 0; mm < locations.spaces(); mm++) {
      privateContents(view, mm, found);
    }
    if (allEnded) {
      frames(view, found);
      gathers(view, found);
      swap.counts(view, found);
    }
    return found;
  }

  /// What a read of the file would give: the cached frame's word, or that on swap, else the disk's.
  long fileWord(View view, int file, int index, int word) {
    var data = kernel.file(file);
    if (index >= data.maxPages()) {
      return 0;
    }
    long slot = view.get(data.slot(index));
    var cached = FileData.cachedIn(slot);
    if (cached.isPresent()) {
      return view.get(machine.memory().at(cached.get(), word));
    }
    var swapped = FileData.swappedIn(slot);
    return swapped.isPresent()
        ? swap.word(view, swapped.getAsInt(), word)
        : view.get(data.disk(index, word));
  }

  OptionalLong load(View view, int mm, int vpn, int word) {
    if (vpn >= books.places().pages()) {
      return OptionalLong.empty();
    }
    var place = Place.unpack(view.get(books.places().index(mm, vpn)));
    var pte = machine.look(view, mm, vpn);
    if (VmPageProt.ptePresent(pte) && place.readable()) {
      return OptionalLong.of(view.get(machine.memory().at(pte.pfn(), word)));
    }
    if (SwapEntry.isSwap(pte) && place.readable()) {
      return OptionalLong.of(swap.word(view, SwapEntry.slot(pte), word));
    }
    int location = place.base() == Locations.NONE ? place.location() : place.base();
    if (location == Locations.NONE || !place.readable()) {
      return OptionalLong.empty();
    }
    return locations.isFile(location)
        ? fileLoad(view, locations.file(location), locations.index(location), word)
        : OptionalLong.of(0);
  }

  /// What a pread() of a word of the file would give; 0 beyond its end.
  long fileRead(View view, int file, int index, int word) {
    long at = (long) index * Layout.PAGE_SIZE + (long) word * Layout.WORD_SIZE;
    return at < view.get(kernel.file(file).size()) ? fileWord(view, file, index, word) : 0;
  }

  /// As [#fileWord]; empty beyond the end of the file, where a load gets SIGBUS.
  private OptionalLong fileLoad(View view, int file, int index, int word) {
    return (long) index * Layout.PAGE_SIZE < view.get(kernel.file(file).size())
        ? OptionalLong.of(fileWord(view, file, index, word))
        : OptionalLong.empty();
  }

  private void fileContents(View view, FileData file, List<Violation> found) {
    long size = view.get(file.size());
    for (int index = 0; index < file.maxPages(); index++) {
      int location = locations.ofFile(file.number(), index);
      if (view.get(books.unsettled().index(location)) != 0
          || (long) index * Layout.PAGE_SIZE >= size) {
        continue;
      }
      for (int word = 0; word < machine.memory().wordsPerPage(); word++) {
        long truth = view.get(books.contents().at(location, word));
        long there = fileWord(view, file.number(), index, word);
        if (truth != there) {
          found.add(
              new Violation(
                  LOST_WRITE,
                  "at the end the file's page " + index + " holds " + there
                      + ", but what was stored last is " + truth));
        }
      }
    }
  }

  /// A cached page that nobody knows to be dirty will be dropped some day: the disk must have it,
  /// or it is of shared memory and zero, as the disk that is none is.
  private void cleanPages(View view, FileData file, List<Violation> found) {
    for (int index = 0; index < file.maxPages(); index++) {
      var cached = FileData.cachedIn(view.get(file.slot(index)));
      if (cached.isEmpty()) {
        continue;
      }
      int pfn = cached.get();
      boolean dirty =
          (view.get(kernel.folios().folio(view, pfn).flags())
                  & (Folio.DIRTY | Folio.WRITEBACK))
              != 0;
      for (int word = 0; word < machine.memory().wordsPerPage(); word++) {
        long there = view.get(machine.memory().at(pfn, word));
        if (!dirty && !isMappedDirty(view, pfn) && there != view.get(file.disk(index, word))) {
          found.add(
              new Violation(
                  LOST_WRITE,
                  "at the end the file's page " + index + " holds " + there
                      + ", which the disk has not, and neither page nor PTE is dirty"));
        }
      }
    }
  }

  private boolean isMappedDirty(View view, int pfn) {
    for (int mm = 0; mm < locations.spaces(); mm++) {
      for (int vpn = 0; vpn < books.places().pages(); vpn++) {
        var pte = machine.look(view, mm, vpn);
        if (VmPageProt.ptePresent(pte) && pte.pfn() == pfn && pte.dirty()) {
          return true;
        }
      }
    }
    return false;
  }

  private void privateContents(View view, int mm, List<Violation> found) {
    for (int vpn = 0; vpn < books.places().pages(); vpn++) {
      var place = Place.unpack(view.get(books.places().index(mm, vpn)));
      if (!locations.isPrivate(place.location()) || !place.stable()) {
        continue;
      }
      var pte = machine.look(view, mm, vpn);
      long mayBeZero = view.get(books.lazyFree().index(place.location()));
      for (int word = 0; word < machine.memory().wordsPerPage(); word++) {
        long truth = view.get(books.contents().at(place.location(), word));
        long there = privateWord(view, pte, word);
        boolean gone = there == 0 && (mayBeZero >>> word & 1) != 0;
        if (truth != there && !gone) {
          boolean zero = pte.present() && machine.layout().isZero(pte.pfn());
          found.add(
              new Violation(
                  zero && there != 0 ? PRIVILEGE : LOST_WRITE,
                  "at the end " + machine.naming().page(mm, vpn) + " holds " + there
                      + ", but what was stored last is " + truth));
        }
      }
    }
  }

  private long privateWord(View view, Pte pte, int word) {
    if (SwapEntry.isSwap(pte)) {
      return swap.word(view, SwapEntry.slot(pte), word);
    }
    return VmPageProt.ptePresent(pte) ? view.get(machine.memory().at(pte.pfn(), word)) : 0;
  }

  private void frames(View view, List<Violation> found) {
    var counts = MappingCounts.of(view, machine, locations.spaces());
    int[] mappings = counts.ptes();
    migrationEntries(view, found);
    int[] cached = swap.cachedFrames(view);
    for (var file : kernel.files()) {
      for (int index = 0; index < file.maxPages(); index++) {
        FileData.cachedIn(view.get(file.slot(index))).ifPresent(pfn -> cached[pfn]++);
      }
    }
    for (var pipe : kernel.pipes()) {
      for (int i = 0; i < Pipe.BUFFERS; i++) {
        Pipe.frame(view.get(pipe.buffer(i))).ifPresent(pfn -> cached[pfn]++);
      }
    }
    for (int pfn = 0; pfn < mappings.length; pfn++) {
      var folio = kernel.folios().folio(view, pfn);
      boolean zero = machine.layout().isZero(pfn); // nobody counts who maps it; it stays
      int mapped = zero ? 0 : mappings[pfn];
      expect(view.get(folio.mapcount()), mapped, "mapcount", pfn, found);
      if (pfn == folio.head()) {
        int references = zero ? 1 : counts.huge()[pfn];
        for (int i = 0; i < folio.pages(); i++) {
          references += cached[pfn + i] + (zero ? 0 : mappings[pfn + i]);
        }
        expect(view.get(folio.refcount()), references, "refcount", pfn, found);
      }
      if (pfn == folio.head() && folio.isLarge()) {
        expect(
            view.get(kernel.folios().entireMapcount(folio)),
            zero ? 0 : counts.huge()[pfn],
            "entire mapcount",
            pfn,
            found);
      }
    }
  }

  private void migrationEntries(View view, List<Violation> found) {
    for (int mm = 0; mm < locations.spaces(); mm++) {
      for (int vpn = 0; vpn < books.places().pages(); vpn++) {
        if (MigrationEntry.isMigration(machine.look(view, mm, vpn))) {
          found.add(
              new Violation(
                  ACCOUNTING,
                  "at the end " + machine.naming().page(mm, vpn)
                      + " is still a migration entry, which nobody removes"));
        }
      }
    }
  }

  /// Who gathers when all have ended? Nobody.
  private void gathers(View view, List<Violation> found) {
    for (int mm = 0; mm < locations.spaces(); mm++) {
      long pending = view.get(kernel.mm(mm).tlbFlushPending());
      if (pending != 0) {
        found.add(
            new Violation(
                ACCOUNTING,
                "at the end tlb_flush_pending of mm" + mm + " is " + pending
                    + ", but nobody has anything to flush"));
      }
    }
  }

  private static void expect(
      long actual, int holders, String count, int pfn, List<Violation> found) {
    if (actual != holders) {
      found.add(
          new Violation(
              ACCOUNTING,
              "at the end the " + count + " of F" + pfn + " is " + actual + ", but it has "
                  + holders + " holders"));
    }
  }
}
