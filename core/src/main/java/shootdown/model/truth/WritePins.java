package shootdown.model.truth;

import java.util.function.IntPredicate;
import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// Frames that the kernel has pinned to write to: for each the location that was mapped where it
/// found them. That is what its writes are meant for, whatever frame holds it by then; when the
/// location is no more, the writes are for nobody.
///
/// ```text
/// 7 … 0     how many pins
/// 8         the frame was found through a private mapping
/// 31 … 16   the location
/// ```
final class WritePins {
  private static final long COUNT = 0xff;
  private static final long PRIVATE = 1 << 8;
  private static final int LOCATION = 16;
  private static final long REST = (1L << LOCATION) - 1;

  private final Words words;
  private final Word all;

  WritePins(Program program, int frames) {
    this.words = program.words(i -> "pinned F" + i, frames, 0, Long::toHexString, false);
    this.all = program.words(_ -> "pinned", 1, 0, Long::toString, false).at(0);
  }

  void pinned(int pfn, int location, boolean isPrivate) {
    all.add(1);
    long count = words.at(pfn).read() & COUNT;
    words.at(pfn).write(count + 1 | (isPrivate ? PRIVATE : 0) | (long) location << LOCATION);
  }

  void unpinned(int pfn) {
    all.add(-1);
    long before = words.at(pfn).read();
    words.at(pfn).write((before & COUNT) == 1 ? 0 : before - 1);
  }

  /// What writes through the pin are meant for; [Locations#NONE] if it is no more.
  int location(int pfn) {
    return (int) (words.at(pfn).read() >>> LOCATION);
  }

  /// Whether the frame was found through a private mapping.
  boolean isPrivate(int pfn) {
    return words.at(pfn).test(PRIVATE);
  }

  /// The location is no more; what survives of it is another now.
  ///
  /// @param survives the frames of which that is so
  void gone(int location, IntPredicate survives, int another) {
    if (location == Locations.NONE || all.is(0)) {
      return;
    }
    for (int pfn = 0; pfn < words.length(); pfn++) {
      long word = words.at(pfn).read();
      if (word >>> LOCATION == location) {
        long now = survives.test(pfn) ? another : Locations.NONE;
        words.at(pfn).write(word & REST | now << LOCATION);
      }
    }
  }
}
