package shootdown.model.truth;

import java.util.OptionalInt;
import java.util.function.IntConsumer;
import shootdown.kernel.data.FutexGround;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Vma;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Program;
import shootdown.sched.Steps;

/// Keeps the books of what the kernel says it does.
final class Intentions extends PinCheck {
  private final Machine[] machine;
  private final KernelData[] kernel;
  private final Steps steps;
  private final Books books;
  private final Places places;
  private final Holders holders;
  private final Contents contents;
  private final Locations locations;
  private final Oracles oracles;
  private final PrivateLocations privates;
  private final Holes holes;
  private final Actual actual;
  private final Wakeups wakeups;
  private final Durability[] durability = new Durability[1];

  /// @param machine where to look at what is really mapped; filled once the machine exists
  /// @param kernel where to look at what is really on swap; likewise
  Intentions(
      Program program,
      Layout layout,
      Machine[] machine,
      KernelData[] kernel,
      Books books,
      Locations locations,
      Oracles oracles,
      Wakeups wakeups) {
    super(layout, machine, books, locations, oracles);
    this.machine = machine;
    this.kernel = kernel;
    this.steps = program.steps();
    this.books = books;
    this.places = books.places();
    this.holders = books.holders();
    this.contents = books.contents();
    this.locations = locations;
    this.oracles = oracles;
    this.privates = new PrivateLocations(program, locations);
    this.actual = new Actual(machine, kernel, books);
    this.wakeups = wakeups;
    this.holes = new Holes(steps, books, locations, kernel, actual);
  }

  /// Says what is to be looked at when files are synchronized.
  void attach(Durability theDurability) {
    durability[0] = theDurability;
  }

  @Override
  public FutexGround futexes() {
    return wakeups;
  }

  @Override
  public void frameAllocated(int pfn) {
    holders.allocated(pfn);
  }

  @Override
  public void frameFreed(int pfn) {
    holders.freed(pfn);
  }

  @Override
  public void tableAllocated(int table) {
    books.freedTables().allocated(table);
  }

  @Override
  public void tableFreed(int table) {
    books.freedTables().freed(table);
  }

  @Override
  public void holdsFilePage(int pfn, int file, int index) {
    holes.filled(pfn, locations.ofFile(file, index));
  }

  @Override
  public void fileSwappedOut(int pfn, int file, int index) {
    holes.swappedOut(pfn, locations.ofFile(file, index));
  }

  @Override
  public void fileSwappedIn(int pfn, int file, int index) {
    holes.swappedIn(pfn, locations.ofFile(file, index));
  }

  @Override
  public void holdsPrivateZero(int pfn, int mm, int vpn) {
    hold(pfn, privateLocation(mm, vpn), places.get(mm, vpn));
  }

  @Override
  public void holdsPrivateFilled(int pfn, int mm, int vpn) {
    holdsPrivateZero(pfn, mm, vpn);
    actual.takeOver(pfn, privateLocation(mm, vpn));
  }

  private void hold(int pfn, int location, Place place) {
    holders.set(pfn, location);
    if (place.isDiscarded()) {
      holders.setLate(pfn);
    }
  }

  @Override
  public void holdsPrivateCopy(int pfn, int from, int mm, int vpn) {
    var place = places.get(mm, vpn);
    int location = place.location();
    if (locations.isPrivate(location)) {
      holders.remove(from, location);
      hold(pfn, location, place);
      return;
    }
    location = freshPrivate(mm);
    places.set(mm, vpn, place.at(location));
    hold(pfn, location, place);
    if (Holders.contains(holders.get(from), place.location())) {
      // the file as it was when it was copied: whether later changes show is unspecified
      actual.takeOver(pfn, location);
    } else {
      copyTruth(place.location(), location);
    }
  }

  @Override
  public void holdsSwappedIn(int pfn, int mm, int vpn) {
    int location = places.get(mm, vpn).location();
    if (locations.isPrivate(location)) {
      holders.add(pfn, location);
    }
  }

  @Override
  public void lazyFreeBegins(int mm, int start, int end) {
    pages(
        "MADV_FREE begins",
        start,
        end,
        vpn -> books.lazyFree().begins(mm, vpn, places.get(mm, vpn).location()));
  }

  @Override
  public void lazyFreeEnds(int mm, int start, int end) {
    pages("MADV_FREE ends", start, end, vpn -> books.lazyFree().ends(mm, vpn));
  }

  @Override
  public void mapped(int mm, Vma vma) {
    pages("mapped", vma.start(), vma.end(), vpn -> map(mm, vma, vpn));
  }

  @Override
  public void unmapBegins(int mm, int start, int end) {
    pages(
        "munmap begins",
        start,
        end,
        vpn -> places.change(mm, vpn, p -> p.in(Place.State.LEAVING)));
  }

  @Override
  public void unmapEnds(int mm, int start, int end) {
    pages(
        "munmap ends",
        start,
        end,
        vpn -> {
          var place = places.get(mm, vpn);
          places.set(mm, vpn, place.gone());
          release(place.location());
        });
  }

  @Override
  public void moveBegins(int mm, int from, int to, int count) {
    pages(
        "mremap begins",
        0,
        count,
        i -> {
          var place = places.get(mm, from + i);
          places.set(mm, from + i, place.in(Place.State.LEAVING));
          var there = places.get(mm, to + i);
          places.set(mm, to + i, place.movedOver(there));
        });
  }

  @Override
  public void moveEnds(int mm, int from, int to, int count) {
    pages(
        "mremap ends",
        0,
        count,
        i -> {
          places.change(mm, from + i, Place::gone);
          places.change(mm, to + i, p -> p.in(Place.State.STABLE));
        });
  }

  @Override
  public void protectBegins(int mm, int start, int end, boolean writable, boolean readable) {
    pages(
        "mprotect begins",
        start,
        end,
        vpn -> places.change(mm, vpn, p -> p.in(Place.State.CHANGING)));
  }

  @Override
  public void protectEnds(int mm, int start, int end, boolean writable, boolean readable) {
    pages(
        "mprotect ends",
        start,
        end,
        vpn ->
            places.change(
                mm, vpn, p -> p.withRights(readable, writable).in(Place.State.STABLE)));
  }

  @Override
  public void discardBegins(int mm, int start, int end) {
    pages(
        "discard begins",
        start,
        end,
        vpn -> {
          if (places.get(mm, vpn).isPrivate()) {
            places.change(mm, vpn, p -> p.discarding(1));
          }
        });
  }

  @Override
  public void discardEnds(int mm, int start, int end) {
    pages("discard ends", start, end, vpn -> discarded(mm, vpn));
  }

  @Override
  public void forkBegins(int parent, int child) {
    pages("fork begins", 0, places.pages(), vpn -> inherit(parent, child, vpn));
  }

  @Override
  public void forkEnds(int parent, int child) {
    pages("fork ends", 0, places.pages(), vpn -> inherit(parent, child, vpn));
    privates.inherit(parent, child);
  }

  @Override
  public void truncateBegins(int file, int fromIndex) {
    holes.truncates(file, fromIndex, locations.filePages());
  }

  @Override
  public void punchBegins(int file, int from, int to) {
    holes.punches(file, from, to);
  }

  @Override
  public void truncateEnds(int file, int fromIndex) {
    steps.each(0, locations.spaces(), mm -> dropCopies(mm, file, fromIndex));
    holes.truncated(file, fromIndex, locations.filePages());
  }

  @Override
  public void punchEnds(int file, int from, int to) {
    holes.punched(file, from, to);
  }

  /// Private copies of truncated pages are gone, too.
  private void dropCopies(int mm, int file, int fromIndex) {
    pages(
        "truncate ends",
        0,
        places.pages(),
        vpn -> {
          var place = places.get(mm, vpn);
          boolean copied = locations.isPrivate(place.location());
          if (copied
              && locations.isFile(place.base())
              && locations.file(place.base()) == file
              && locations.index(place.base()) >= fromIndex) {
            release(place.location());
            places.set(mm, vpn, place.at(place.base()));
          }
        });
  }

  @Override
  public void fileRead(int pfn, int file, int index, int word, long value) {
    int location = locations.ofFile(file, index);
    long held = holders.get(pfn);
    if (Holders.isFree(held)) {
      oracles.violated(
          Oracles.USE_AFTER_FREE, "a read of the file reaches F" + pfn + ", which is free");
      return;
    }
    // a reader may have found the page before it was truncated: it reads what was there then
    boolean current = Holders.contains(held, location) && !books.unsettled().is(location);
    var truth = contents.at(location, word);
    if (current && !truth.is(value)) {
      oracles.violated(
          Oracles.LOST_WRITE,
          "a read of the file gives " + value + ", not what was stored last");
      truth.write(value);
    }
  }

  @Override
  public void fileWritten(int file, int index, int word, long value) {
    contents.at(locations.ofFile(file, index), word).write(value);
  }

  @Override
  public void syncBegins(int file, int from, int to) {
    pages("sync begins", from, to, index -> durability[0].begins(file, index));
  }

  @Override
  public void onDisk(int file, int index) {
    books.unsynced().written(locations.ofFile(file, index));
  }

  @Override
  public void syncEnds(int file, int from, int to) {
    pages("sync ends", from, to, index -> durability[0].check(file, index));
  }

  private void map(int mm, Vma vma, int vpn) {
    boolean isPrivate = !vma.shared();
    int location =
        vma.anonymous()
            ? freshPrivate(mm)
            : fileLocation(vma.file(), vma.pageIndex(vpn));
    var last = places.get(mm, vpn).last();
    places.set(
        mm,
        vpn,
        new Place(
            location,
            last,
            isPrivate && !vma.anonymous() ? location : Locations.NONE,
            vma.has(Vma.VM_READ | Vma.VM_WRITE),
            vma.writable(),
            isPrivate,
            Place.State.STABLE,
            0));
  }

  private int fileLocation(int file, int index) {
    return index < locations.filePages() ? locations.ofFile(file, index) : Locations.NONE;
  }

  private int privateLocation(int mm, int vpn) {
    var place = places.get(mm, vpn);
    if (locations.isPrivate(place.location())) {
      return place.location();
    }
    int location = freshPrivate(mm);
    places.set(mm, vpn, place.at(location));
    return location;
  }

  private int freshPrivate(int mm) {
    int location = privates.take(mm);
    books.lazyFree().fresh(location);
    for (int word = 0; word < contents.wordsPerPage(); word++) {
      contents.at(location, word).write(0);
    }
    return location;
  }

  private void release(int location) {
    free(location);
    if (locations.isPrivate(location)) {
      books.writePins().gone(location, _ -> false, Locations.NONE);
    }
  }

  private void free(int location) {
    if (!locations.isPrivate(location)) {
      return;
    }
    privates.giveBack(location);
    holders.forget(location);
  }

  private void copyTruth(int from, int to) {
    for (int word = 0; word < contents.wordsPerPage(); word++) {
      contents.at(to, word).write(from == Locations.NONE ? 0 : contents.at(from, word).read());
    }
  }

  /// A discarded page starts anew as what is really there: what was stored meanwhile may or may not
  /// have survived. While others still discard it, only what was there before all of them is gone.
  private void discarded(int mm, int vpn) {
    var place = places.get(mm, vpn);
    if (!place.isDiscarded()) {
      return;
    }
    int old = place.location();
    if (place.discards() > 1) {
      if (locations.isPrivate(old)) {
        books.writePins().gone(old, pfn -> holders.isLate(pfn, old), old);
        holders.forgetEarly(old);
      }
      places.set(mm, vpn, place.discarding(-1));
      return;
    }
    var pte = machine[0].entryAt(mm, vpn);
    var filled = locations.isPrivate(old) ? actual.filledBy(pte, old) : OptionalInt.empty();
    boolean swapped = SwapEntry.isSwap(pte);
    free(old);
    int fresh = place.base();
    boolean outOfReach = old == Locations.NONE; // beyond what files can have
    if (filled.isPresent() || swapped || fresh == Locations.NONE && !outOfReach) {
      fresh = freshPrivate(mm);
    }
    if (locations.isPrivate(old)) {
      books.writePins().gone(old, pfn -> pfn == filled.orElse(-1), fresh);
    }
    if (filled.isPresent()) {
      actual.takeOver(filled.getAsInt(), fresh);
      if (pte.none() && kernel[0].folios().small(filled.getAsInt()).isKsm()) {
        books.lazyFree().letGo(fresh); // another page may be what it counts as mapped for
      }
    } else if (swapped) {
      actual.takeOverSwapped(SwapEntry.slot(pte), fresh);
    }
    places.set(mm, vpn, place.at(fresh).discarding(-1));
  }

  /// What the child has no entry for is as it was when the fork began, if that was told.
  private void inherit(int parent, int child, int vpn) {
    if (places.isKnown(child, vpn) && machine[0].entryAt(child, vpn).none()) {
      return;
    }
    var place = places.get(parent, vpn);
    if (!locations.isPrivate(place.location())) {
      places.set(child, vpn, place);
      return;
    }
    int location = locations.ofPrivate(child, locations.lineage(place.location()));
    places.set(child, vpn, place.at(location));
    books.lazyFree().copy(place.location(), location);
    var pte = machine[0].entryAt(child, vpn);
    if (VmPageProt.ptePresent(pte) || MigrationEntry.isMigration(pte)) {
      actual.takeOver(pte.pfn(), location);
    } else {
      copyTruth(place.location(), location);
    }
  }

  private void pages(String why, int from, int to, IntConsumer each) {
    steps.atomic(why, () -> steps.each(from, to, each));
  }
}
