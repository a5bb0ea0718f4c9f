package shootdown.model.truth;

import java.util.ArrayList;
import java.util.List;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Words;

/// Which locations each frame holds: a page of a file, or private pages, several after fork.
///
/// ```text
/// -1   the frame is free
/// else up to five locations of 12 bits each
/// ```
final class Holders {
  private static final long FREE = -1;
  private static final int BITS = 12;
  private static final int MOST = 5;
  private static final long FIELD = (1L << BITS) - 1;

  private final Words words;
  private final Words late;
  private final Steps steps;

  Holders(Program program, int frames) {
    this.steps = program.steps();
    this.words = program.words(i -> "holds F" + i, frames, FREE, Long::toHexString, false);
    this.late = program.words(i -> "late F" + i, frames, 0, Long::toString, false);
  }

  int frames() {
    return words.length();
  }

  long get(int pfn) {
    return words.at(pfn).read();
  }

  void set(int pfn, long set) {
    words.at(pfn).write(set);
    late.at(pfn).write(0);
  }

  /// The frame came while its page was being discarded: not everybody who discards it need have
  /// found it.
  void setLate(int pfn) {
    late.at(pfn).write(1);
  }

  /// Whether the frame holds the location and came late.
  boolean isLate(int pfn, int location) {
    return !late.at(pfn).is(0) && contains(get(pfn), location);
  }

  void allocated(int pfn) {
    words.at(pfn).write(0);
  }

  void freed(int pfn) {
    set(pfn, FREE);
  }

  void add(int pfn, int location) {
    long set = get(pfn);
    if (set == FREE || contains(set, location)) {
      return;
    }
    if (set >>> BITS * (MOST - 1) != 0) {
      throw steps.fail(
          new Violation(shootdown.machine.Machine.LIMIT, "a page shared by too many processes"));
    }
    words.at(pfn).write(set << BITS | location);
  }

  void remove(int pfn, int location) {
    long set = get(pfn);
    if (set != FREE && contains(set, location)) {
      words.at(pfn).write(without(set, location));
    }
  }

  /// What the frame `from` holds is in `to` from now on.
  void move(int from, int to) {
    words.at(to).write(get(from));
    late.at(to).write(late.at(from).read());
    set(from, 0);
  }

  /// The location is no more: no frame holds it.
  void forget(int location) {
    steps.each(
        0,
        frames(),
        pfn -> {
          if (contains(get(pfn), location)) {
            remove(pfn, location);
            late.at(pfn).write(0);
          }
        });
  }

  /// No frame holds the location but those that came late.
  void forgetEarly(int location) {
    steps.each(
        0,
        frames(),
        pfn -> {
          if (late.at(pfn).is(0)) {
            remove(pfn, location);
          }
        });
  }

  static boolean isFree(long set) {
    return set == FREE;
  }

  static boolean contains(long set, int location) {
    for (long rest = set; rest != 0 && set != FREE; rest >>>= BITS) {
      if ((rest & FIELD) == location) {
        return true;
      }
    }
    return false;
  }

  /// The locations of the set.
  static List<Integer> all(long set) {
    var found = new ArrayList<Integer>();
    for (long rest = set == FREE ? 0 : set; rest != 0; rest >>>= BITS) {
      found.add((int) (rest & FIELD));
    }
    return found;
  }

  /// Any one location of the set, 0 if it is empty.
  static int any(long set) {
    return set == FREE ? 0 : (int) (set & FIELD);
  }

  private static long without(long set, int location) {
    long kept = 0;
    int shift = 0;
    for (long rest = set; rest != 0; rest >>>= BITS) {
      if ((rest & FIELD) != location) {
        kept |= (rest & FIELD) << shift;
        shift += BITS;
      }
    }
    return kept;
  }
}
