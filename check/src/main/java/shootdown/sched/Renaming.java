package shootdown.sched;

/// New names for things that are [Alike]; of each kind the same names, given to others.
public final class Renaming {
  private final int[] image;

  Renaming(int[] image) {
    this.image = image;
  }

  /// The new name; one that is no name of the kind stays as it is.
  public int of(Alike kind, int name) {
    return name < 0 || name >= kind.size() ? name : image[kind.base() + name] - kind.base();
  }

  /// New names of all kinds, one after the other, as [Symmetry#names] counts them.
  public int[] toArray() {
    return image.clone();
  }
}
