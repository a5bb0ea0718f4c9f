package shootdown.host.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/// A range of pages in memory for two huge pages, as a test writes it.
///
/// A huge page of the model has four pages, and a test must mean the same for one of 512. So
/// borders are the few places that are in the same order in both, and nothing of a length between
/// those of two pages and a whole huge one is moved to where it does not lie alike.
///
/// @param from where it begins
/// @param to where it ends
record Borders(Border from, Border to) {
  /// A border: so many huge pages, and small ones, which may be less than none.
  record Border(int huge, int small) {
    /// Behind a name or an address: ` + HPAGE - PAGE`, or nothing.
    String offset() {
      String pages = pages(Math.abs(small), "PAGE");
      return (huge == 0 ? "" : " + " + pages(huge, "HPAGE"))
          + (small == 0 ? "" : small > 0 ? " + " + pages : " - " + pages);
    }
  }

  private static final List<Border> ALL =
      List.of(
          new Border(0, 0), new Border(0, 1), new Border(0, 2), new Border(1, -1),
          new Border(1, 0), new Border(1, 1), new Border(2, -1), new Border(2, 0));
  private static final List<Borders> USUAL =
      List.of(
          new Borders(ALL.get(0), ALL.get(4)), new Borders(ALL.get(0), ALL.get(1)),
          new Borders(ALL.get(0), ALL.get(7)), new Borders(ALL.get(1), ALL.get(2)),
          new Borders(ALL.get(1), ALL.get(4)), new Borders(ALL.get(3), ALL.get(4)),
          new Borders(ALL.get(4), ALL.get(7)), new Borders(ALL.get(0), ALL.get(2)));

  /// First pages of which a word may be used.
  static final List<Border> PAGES =
      List.of(ALL.get(0), ALL.get(0), ALL.get(0), ALL.get(1), ALL.get(1), ALL.get(3), ALL.get(4),
          ALL.get(6));

  /// Every range is possible; whole huge pages, and parts at their ends, are usual.
  static Borders any(SplittableRandom random) {
    if (random.nextInt(3) > 0) {
      return USUAL.get(random.nextInt(USUAL.size()));
    }
    int from = random.nextInt(ALL.size() - 1);
    return new Borders(ALL.get(from), ALL.get(from + 1 + random.nextInt(ALL.size() - from - 1)));
  }

  /// Where what lies in this range can be moved to.
  Borders target(SplittableRandom random) {
    while (true) {
      var target = any(random);
      boolean alike = target.from.small == from.small;
      boolean few = pages() <= 2 && target.pages() <= 2;
      if (alike || few) {
        return target;
      }
    }
  }

  /// A range that begins at the same place and is no longer: whether a mapping can grow depends on
  /// which mappings before and behind it are one with it, which is Linux's affair.
  Borders shorter(SplittableRandom random) {
    var range = any(random);
    while (!range.from.equals(from) || range.pages() > pages()) {
      range = any(random);
    }
    return range;
  }

  /// How many pages, if a huge one had a hundred.
  private int pages() {
    return (to.huge - from.huge) * 100 + to.small - from.small;
  }

  /// A name, and where in its memory the range begins.
  String at(String name) {
    return name + from.offset();
  }

  String length() {
    int huge = to.huge - from.huge;
    int small = to.small - from.small;
    String pages = pages(Math.abs(small), "PAGE");
    return huge == 0
        ? pages
        : pages(huge, "HPAGE") + (small == 0 ? "" : small > 0 ? " + " + pages : " - " + pages);
  }

  private static String pages(int count, String unit) {
    return count == 1 ? unit : count + " * " + unit;
  }
}
