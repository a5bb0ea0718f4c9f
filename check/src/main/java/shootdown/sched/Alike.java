package shootdown.sched;

import java.util.List;

/// Things of one kind that differ in nothing but their names 0, 1, …: threads that run the same
/// code, CPUs, pages. A program that says so is searched up to renaming; see [Symmetry].
///
/// ```java
/// program.alike("thread", 3).tasks(threads).words(want).names(turn);
/// ```
///
/// says of Peterson's lock for three that any two threads may change places, if `want[i]` and
/// `want[j]` do, and `turn` is then `j` where it was `i`.
public final class Alike {
  private final Symmetry symmetry;
  private final String kind;
  private final int number;
  private final int base;
  private final int size;

  Alike(Symmetry symmetry, String kind, int number, int base, int size) {
    this.symmetry = symmetry;
    this.kind = kind;
    this.number = number;
    this.base = base;
    this.size = size;
  }

  /// How many there are.
  public int size() {
    return size;
  }

  /// Number of this kind among the program's, from 0.
  public int number() {
    return number;
  }

  int base() {
    return base;
  }

  /// The i-th task is i's own.
  public Alike tasks(List<Task> own) {
    mustBeAll(own.size(), "tasks");
    symmetry.owns(this, own);
    return this;
  }

  /// The i-th word is i's own.
  public Alike words(Words own) {
    mustBeAll(own.length(), "words");
    symmetry.places(own, (i, renaming) -> renaming.of(this, i));
    return this;
  }

  /// The i-th lock is i's own.
  public Alike locks(List<Lock> own) {
    mustBeAll(own.size(), "locks");
    symmetry.owns(own, this);
    return this;
  }

  /// The words hold names; any value that is none stays.
  public Alike names(Words holders) {
    symmetry.values(holders, (value, renaming) -> named(value, renaming));
    return this;
  }

  /// As [#names(Words)] for one word.
  public Alike names(Word holder) {
    symmetry.values(holder, (value, renaming) -> named(value, renaming));
    return this;
  }

  /// The word is a set of names: bit i stands for i.
  public Alike set(Word holder) {
    symmetry.values(holder, this::renamed);
    return this;
  }

  private long named(long value, Renaming renaming) {
    return value < 0 || value >= size ? value : renaming.of(this, (int) value);
  }

  private long renamed(long set, Renaming renaming) {
    long result = set & (size == Long.SIZE ? 0 : -1L << size);
    for (int i = 0; i < size; i++) {
      result |= (set >>> i & 1) << renaming.of(this, i);
    }
    return result;
  }

  private void mustBeAll(int count, String what) {
    if (count != size) {
      throw new IllegalArgumentException(count + " " + what + " for " + size + " of " + this);
    }
  }

  @Override
  public String toString() {
    return kind;
  }
}
