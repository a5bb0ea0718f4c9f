package shootdown.model.truth;

import static shootdown.model.truth.Oracles.PRIVILEGE;
import static shootdown.model.truth.Oracles.USE_AFTER_FREE;

import shootdown.kernel.data.Ground;
import shootdown.machine.Layout;
import shootdown.machine.Machine;

/// The part of the books that keeps pins: judges what the kernel does through pages that it holds
/// on to.
///
/// ```text
/// a write through a pin, to a frame that      | is
/// --------------------------------------------+---------------------------------------------------
/// is free                                     | use after free
/// is the zero page                            | privilege
/// holds a page of a file, though it was       | privilege
/// pinned through a private mapping            |
/// another process shares                      | privilege
/// else                                        | what the page that was pinned holds from now on: a
///                                             | lost write, if that page has another frame by now
///
/// the disk reads a frame as a page of a file   | use after free
/// that it does not hold any more              |
///
/// a read of a pipe gives what another process | privilege
/// stored after the page was put into the pipe |
/// ```
abstract class PinCheck implements Ground {
  private final Places places;
  private final Holders holders;
  private final Contents contents;
  private final LazyFree lazyFree;
  private final WritePins writePins;
  private final PipePins pipePins;
  private final Sharing sharing;
  private final Locations locations;
  private final Oracles oracles;
  private final Layout layout;

  PinCheck(
      Layout layout, Machine[] machine, Books books, Locations locations, Oracles oracles) {
    this.layout = layout;
    this.places = books.places();
    this.holders = books.holders();
    this.contents = books.contents();
    this.lazyFree = books.lazyFree();
    this.writePins = books.writePins();
    this.pipePins = books.pipePins();
    this.sharing = Sharing.of(books, locations, machine);
    this.locations = locations;
    this.oracles = oracles;
  }

  /// A page that is pinned does not migrate: the pins stay.
  @Override
  public void migrated(int from, int to) {
    holders.move(from, to);
  }

  @Override
  public void merged(int from, int to, int mm, int vpn) {
    int location = places.get(mm, vpn).location();
    if (!locations.isPrivate(location)) {
      return;
    }
    if (holders.isLate(from, location)) {
      holders.setLate(to);
    }
    holders.remove(from, location);
    holders.add(to, location);
  }

  @Override
  public void pinned(int pfn, int mm, int vpn) {
    var place = places.get(mm, vpn);
    writePins.pinned(pfn, place.location(), place.isPrivate());
  }

  @Override
  public void unpinned(int pfn) {
    writePins.unpinned(pfn);
  }

  @Override
  public void pinWritten(int pfn, int mm, int word, long value) {
    if (layout.isZero(pfn)) {
      oracles.violated(PRIVILEGE, "the kernel changes the zero page");
      meant(pfn, word, value);
      return;
    }
    long set = holders.get(pfn);
    if (Holders.isFree(set)) {
      oracles.violated(
          USE_AFTER_FREE, "the kernel writes to F" + pfn + ", which is free");
      return;
    }
    boolean isPrivate = writePins.isPrivate(pfn);
    int location = writePins.location(pfn);
    if (isPrivate && locations.isFile(Holders.any(set))) {
      oracles.violated(
          PRIVILEGE, "the kernel changes a file that it found through a private mapping");
      contents.at(Holders.any(set), word).write(value);
      return;
    }
    if (isPrivate && sharing.withOthers(pfn, set, location)) {
      oracles.violated(
          PRIVILEGE, "the kernel changes a page of one process that another shares");
    }
    if (isPrivate) {
      pipePins.stored(pfn, mm, word);
    }
    meant(pfn, word, value);
  }

  /// What the page that was pinned holds from now on.
  private void meant(int pfn, int word, long value) {
    int location = writePins.location(pfn);
    if (location != Locations.NONE) {
      contents.at(location, word).write(value);
      lazyFree.storedThroughPin(location, word);
    }
  }

  @Override
  public void diskReads(int pfn, int file, int index) {
    if (!Holders.contains(holders.get(pfn), locations.ofFile(file, index))) {
      oracles.violated(
          USE_AFTER_FREE,
          "the disk reads F" + pfn + " as page " + index + " of the file, which it is no more");
    }
  }

  @Override
  public void spliced(int pipe, int pfn, int mm) {
    pipePins.spliced(pipe, pfn, mm);
  }

  @Override
  public void pipeRead(int pipe, int word, long value) {
    if (pipePins.isForeign(pipe, word)) {
      oracles.violated(
          PRIVILEGE,
          "a read of the pipe gives " + value
              + ", which another process stored after the page was put there");
    }
  }

  @Override
  public void unspliced(int pipe) {
    pipePins.unspliced(pipe);
  }
}
