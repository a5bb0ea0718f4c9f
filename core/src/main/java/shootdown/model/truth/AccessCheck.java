package shootdown.model.truth;

import static shootdown.model.truth.Oracles.LOST_WRITE;
import static shootdown.model.truth.Oracles.PRIVILEGE;
import static shootdown.model.truth.Oracles.STALE_ACCESS;
import static shootdown.model.truth.Oracles.USE_AFTER_FREE;

import shootdown.machine.Access;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Naming;
import shootdown.machine.Witness;

/// Judges one access to user memory, or one walk through page tables. Did the access reach the
/// right frame, with the right, and the value that was stored last?
///
/// ```text
/// the frame          | the page, at rest   | a load                     | a store
/// -------------------+---------------------+----------------------------+---------------------
/// is free            | any                 | use after free             | use after free
/// holds its location | rights forbid it    | stale access or privilege  | likewise
///                    | rights allow it     | lost write if the value    | is remembered;
///                    |                     | differs from the truth     | privilege if others
///                    |                     |                            | share the frame
/// holds something    | nothing mapped      | stale access               | stale access
/// else, or nothing   | an older copy of it | stale access if it differs | is remembered: lost,
///                    |                     |                            | if nobody moves it
///                    | unrelated           | use after free             | use after free
/// ```
///
/// The zero page holds nothing and is right wherever its zeroes are; a store to it is a violation
/// of privilege, as everybody may map it, and so is a load of what was stored there.
///
/// While a system call takes the page away or redirects it, both the old and the new are right.
final class AccessCheck implements Witness {
  private final Places places;
  private final Holders holders;
  private final Contents contents;
  private final Unsettled unsettled;
  private final LazyFree lazyFree;
  private final FreedTables freedTables;
  private final PipePins pipePins;
  private final Sharing sharing;
  private final Locations locations;
  private final Oracles oracles;
  private final Naming naming;
  private final Layout layout;
  private final Wakeups wakeups;

  /// @param machine where to look at what is really mapped; filled once the machine exists
  AccessCheck(
      Books books,
      Locations locations,
      Oracles oracles,
      Naming naming,
      Layout layout,
      Machine[] machine,
      Wakeups wakeups) {
    this.places = books.places();
    this.holders = books.holders();
    this.contents = books.contents();
    this.unsettled = books.unsettled();
    this.lazyFree = books.lazyFree();
    this.freedTables = books.freedTables();
    this.pipePins = books.pipePins();
    this.sharing = Sharing.of(books, locations, machine);
    this.locations = locations;
    this.oracles = oracles;
    this.naming = naming;
    this.layout = layout;
    this.wakeups = wakeups;
  }

  @Override
  public void drained(Access access) {
    wakeups.drained(access.cpu());
  }

  @Override
  public void accessed(Access access, int pfn, long before, long after, boolean stale) {
    var place = places.get(access.space(), access.vpn());
    long set = holders.get(pfn);
    if (access.kind().writes() && place.isPrivate()) {
      pipePins.stored(pfn, access.space(), access.word());
    }
    if (layout.isZero(pfn)) {
      zeroPage(access, place, pfn, before, after, stale);
    } else if (Holders.isFree(set)) {
      oracles.violated(USE_AFTER_FREE, what(access) + " reaches F" + pfn + ", which is free");
    } else if (place.location() != Locations.NONE
        && Holders.contains(set, place.location())) {
      rightFrame(access, place, pfn, before, after, stale);
    } else if (isElsewhere(place, set)) {
      wrongFrame(access, place, set, pfn, before, after);
    } else if (access.kind().writes() && Holders.any(set) != Locations.NONE) {
      contents.at(Holders.any(set), access.word()).write(after);
    }
  }

  /// An access through an entry that maps the zero page.
  private void zeroPage(
      Access access, Place place, int pfn, long before, long after, boolean stale) {
    boolean writes = access.kind().writes();
    if (writes) {
      oracles.violated(PRIVILEGE, what(access) + " changes the zero page");
      if (place.location() != Locations.NONE) {
        contents.at(place.location(), access.word()).write(after);
      }
    } else if (place.location() == Locations.NONE) {
      if (isElsewhere(place, 0)) {
        wrongFrame(access, place, 0, pfn, before, after);
      }
    } else if (place.stable() && !place.readable()) {
      notAllowed(access, stale);
    } else if (isElsewhere(place, 0) && isWrong(access, place, before)) {
      oracles.violated(
          before != 0 ? PRIVILEGE : stale ? STALE_ACCESS : LOST_WRITE,
          what(access) + " gives " + before + " of the zero page, not what was stored last");
    }
  }

  private void notAllowed(Access access, boolean stale) {
    oracles.violated(
        stale ? STALE_ACCESS : PRIVILEGE,
        what(access) + " is done, though the page is not "
            + (access.kind().writes() ? "writable" : "readable"));
  }

  @Override
  public void walked(int space, int vpn, int table) {
    if (freedTables.has(table)) {
      oracles.violated(
          USE_AFTER_FREE,
          "a walk for " + naming.page(space, vpn) + " goes through table" + table
              + ", which is free");
    }
  }

  @Override
  public void freedWhileCached(int cpu, int space, int vpn, int table) {
    oracles.violated(
        USE_AFTER_FREE,
        "table" + table + " is freed, and cpu" + cpu + " may still walk through it for "
            + naming.page(space, vpn));
  }

  /// Whether a frame that does not hold the page's location cannot be right. While a page is
  /// discarded its frame is, or one of the file below; not one that another call has discarded.
  private static boolean isElsewhere(Place place, long set) {
    return switch (place.state()) {
      case STABLE, CHANGING ->
          !place.isDiscarded() || !Holders.contains(set, place.base());
      case LEAVING, ARRIVING -> false;
    };
  }

  private void rightFrame(
      Access access, Place place, int pfn, long before, long after, boolean stale) {
    boolean writes = access.kind().writes();
    if (place.stable() && !(writes ? place.writable() : place.readable())) {
      notAllowed(access, stale);
    }
    var truth = contents.at(place.location(), access.word());
    if (isWrong(access, place, before)) {
      oracles.violated(
          LOST_WRITE, what(access) + " gives " + before + ", not what was stored last");
      truth.write(before);
    }
    if (!writes) {
      return;
    }
    if (place.isPrivate() && locations.isFile(place.location())) {
      oracles.violated(PRIVILEGE, what(access) + " changes the file under a private mapping");
    } else if (place.isPrivate() && sharing.withOthers(pfn, holders.get(pfn), place.location())) {
      oracles.violated(PRIVILEGE, what(access) + " changes a page that another process shares");
    }
    truth.write(after);
    lazyFree.stored(access.space(), access.vpn(), place.location(), access.word());
  }

  private void wrongFrame(
      Access access, Place place, long set, int pfn, long before, long after) {
    int held = Holders.any(set);
    if (place.location() == Locations.NONE) {
      boolean another = held != Locations.NONE && !Holders.contains(set, place.last())
          && !locations.related(held, place.last());
      oracles.violated(
          another ? USE_AFTER_FREE : STALE_ACCESS,
          what(access) + " still reaches F" + pfn
              + (another ? ", which belongs to another by now" : ", though it is mapped no more"));
      return;
    }
    boolean writes = access.kind().writes();
    if (writes && place.isPrivate() && locations.isFile(held)) {
      oracles.violated(PRIVILEGE, what(access) + " changes a file through a private mapping");
      return;
    }
    boolean olderCopy = held == Locations.NONE || Holders.contains(set, place.last())
        || locations.related(held, place.location())
        || place.isPrivate() && locations.isFile(held);
    if (!olderCopy) {
      oracles.violated(
          USE_AFTER_FREE,
          what(access) + " reaches F" + pfn + ", which belongs to another by now");
      return;
    }
    var truth = contents.at(place.location(), access.word());
    boolean old = access.kind() != Access.Kind.STORE && place.isDiscarded();
    if (old || isWrong(access, place, before)) {
      oracles.violated(
          STALE_ACCESS, what(access) + " reaches the old F" + pfn + " and gives " + before);
    }
    if (writes) {
      truth.write(after);
      lazyFree.stored(access.space(), access.vpn(), place.location(), access.word());
    }
  }

  /// Whether an access read what is not in its word.
  private boolean isWrong(Access access, Place place, long read) {
    return access.kind() != Access.Kind.STORE
        && settled(place)
        && !contents.at(place.location(), access.word()).is(read)
        && !(read == 0
            && lazyFree.mayBeZero(
                access.space(), access.vpn(), place.location(), access.word()));
  }

  private boolean settled(Place place) {
    return !place.isDiscarded()
        && !unsettled.is(place.location())
        && !unsettled.is(place.base());
  }

  private String what(Access access) {
    return (access.kind().writes() ? "a store to " : "a load of ")
        + naming.page(access.space(), access.vpn())
        + " on cpu" + access.cpu();
  }
}
