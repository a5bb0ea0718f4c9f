package shootdown.model.truth;

/// Who shares the private pages that a frame holds.
///
/// @param places where pages are mapped
/// @param locations whose they are
/// @param unsettled which of them change
record Sharing(Places places, Locations locations, Unsettled unsettled) {
  /// Whether the frame holds a page of another process, and no system call is taking it away there.
  ///
  /// @param set what the frame holds
  /// @param own the location of the process that asks
  boolean withOthers(long set, int own) {
    for (int location : Holders.all(set)) {
      if (location != own && locations.isPrivate(location) && isKept(location)) {
        return true;
      }
    }
    return false;
  }

  private boolean isKept(int location) {
    int space = locations.space(location);
    for (int vpn = 0; vpn < places.pages(); vpn++) {
      var place = places.get(space, vpn);
      if (place.location() == location && place.isKept() && !unsettled.is(place.base())) {
        return true;
      }
    }
    return false;
  }
}
