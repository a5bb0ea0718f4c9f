package shootdown.model.truth;

import shootdown.machine.Machine;

/// Who shares the private pages that a frame holds.
///
/// @param places where pages are mapped
/// @param locations whose they are
/// @param unsettled which of them change
/// @param lazyFree what of them may be gone
/// @param machine where to look at what is really mapped; filled once the machine exists
record Sharing(
    Places places,
    Locations locations,
    Unsettled unsettled,
    LazyFree lazyFree,
    Machine[] machine) {
  static Sharing of(Books books, Locations locations, Machine[] machine) {
    return new Sharing(
        books.places(), locations, books.unsettled(), books.lazyFree(), machine);
  }

  /// Whether the frame holds a page of another process, and no system call is taking it away there.
  /// What MADV_FREE gave up is not shared once it is mapped no more, or another frame is there.
  ///
  /// @param pfn the frame
  /// @param set what it holds
  /// @param own the location of the process that asks
  boolean withOthers(int pfn, long set, int own) {
    for (int location : Holders.all(set)) {
      if (location != own && locations.isPrivate(location) && isKept(location, pfn)) {
        return true;
      }
    }
    return false;
  }

  private boolean isKept(int location, int pfn) {
    int space = locations.space(location);
    for (int vpn = 0; vpn < places.pages(); vpn++) {
      var place = places.get(space, vpn);
      if (place.location() == location && place.isKept() && !unsettled.is(place.base())) {
        return !lazyFree.mayBeGone(location) || isThere(space, vpn, pfn);
      }
    }
    return false;
  }

  /// Whether the entry maps the frame, or is no present one: then it may come back to it.
  private boolean isThere(int space, int vpn, int pfn) {
    var entry = machine[0].entryAt(space, vpn);
    return !entry.none() && (!entry.present() || entry.pfn() == pfn);
  }
}
