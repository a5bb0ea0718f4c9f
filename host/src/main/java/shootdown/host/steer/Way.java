package shootdown.host.steer;

import java.util.ArrayList;
import java.util.List;
import shootdown.host.worker.Points.Point;

/// A way to begin a round: a statement of one thread begins while one of another thread is carried
/// out, in a certain part of the time that this takes.
///
/// @param outer the one that has begun
/// @param inner the one that begins meanwhile
/// @param part of [#PARTS], from 0 on
/// @param pace of the inner one's thread from there on
record Way(Point outer, Point inner, int part, Pace pace) {
  static final int PARTS = 4;

  /// How a thread goes on.
  enum Pace {
    /// one statement after the other
    AT_ONCE,
    /// spread over the time that the outer statement takes: what the kernel has begun goes on
    /// without the thread, on its way to a disk for example
    SPREAD
  }

  /// All that there are, for threads on different CPUs: two on one CPU cannot wait for each other.
  ///
  /// @param cpus how many CPUs those of the test are spread over
  static List<Way> all(List<Point> points, int cpus) {
    var all = new ArrayList<Way>();
    for (var outer : points) {
      for (var inner : points) {
        if (outer.thread() != inner.thread() && outer.cpu() % cpus != inner.cpu() % cpus) {
          for (int part = 0; part < PARTS; part++) {
            for (var pace : Pace.values()) {
              all.add(new Way(outer, inner, part, pace));
            }
          }
        }
      }
    }
    return List.copyOf(all);
  }

  /// For a reader: `line 28 begins in quarter 2 of line 37`.
  @Override
  public String toString() {
    return inner.place() + " begins in quarter " + (part + 1) + " of " + outer.place()
        + switch (pace) {
          case AT_ONCE -> "";
          case SPREAD -> ", and pauses follow";
        };
  }
}
