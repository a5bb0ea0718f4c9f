package shootdown.check;

/// A place at which tasks stay for a while, as a kernel developer's `msleep()` does; for runs in
/// simulated time.
///
/// @param site what could be left out there ([shootdown.sched.Mutation]): `function/what`
/// @param place on which side of it
/// @param nanos how long
public record Window(String site, Place place, double nanos) {
  /// Sides of a site.
  public enum Place {
    BEFORE,
    AFTER
  }

  public Window {
    if (!(nanos > 0)) {
      throw new IllegalArgumentException("a window of " + nanos + " ns");
    }
  }
}
