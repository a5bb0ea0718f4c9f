package shootdown.model.truth;

/// Numbers of locations.
///
/// ```text
/// 0                                   no location
/// 1 + file * filePages + index        page `index` of a file
/// 1 + files * filePages + mm * K + k  private page k of an address space; fork keeps k
/// ```
///
/// @param files number of files
/// @param filePages pages of each
/// @param spaces number of address spaces
/// @param privates private pages that one address space can have at a time
record Locations(int files, int filePages, int spaces, int privates) {
  static final int NONE = 0;

  int count() {
    return 1 + files * filePages + spaces * privates;
  }

  int ofFile(int file, int index) {
    return 1 + file * filePages + index;
  }

  int ofPrivate(int mm, int k) {
    return 1 + files * filePages + mm * privates + k;
  }

  boolean isFile(int location) {
    return location > NONE && location <= files * filePages;
  }

  /// The file of a location that [#isFile].
  int file(int location) {
    return (location - 1) / filePages;
  }

  /// The page of that file.
  int index(int location) {
    return (location - 1) % filePages;
  }

  boolean isPrivate(int location) {
    return location > files * filePages;
  }

  /// The address space of a private location.
  int space(int location) {
    return (location - 1 - files * filePages) / privates;
  }

  /// The k of a private location.
  int lineage(int location) {
    return (location - 1 - files * filePages) % privates;
  }

  /// Whether two private locations are copies of one by fork.
  boolean related(int a, int b) {
    return isPrivate(a) && isPrivate(b) && lineage(a) == lineage(b);
  }
}
