package shootdown.kernel.data;

import shootdown.machine.Layout;
import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// The swap device, of one area: `struct swap_info_struct` and its `address_space`.
///
/// ```text
/// map(slot)      0 free; else how many entries hold the slot, of page tables or, one, of a file's
///                page cache, and HAS_CACHE
/// cache(slot)    the swap cache: 0, or frame number + 1; set only while HAS_CACHE is
/// contents       what the device has
/// ```
///
/// The words of a slot change together in single steps, as under the locks of the area and of the
/// cache's tree, which cover nothing else. Lookups take no lock.
public final class Swap {
  /// SWAP_HAS_CACHE: the slot is in the swap cache, or about to be.
  public static final long HAS_CACHE = 1 << 6;

  /// What a slot holds that nothing was written to: whatever the device held before.
  private static final long GARBAGE = 0xdead;

  private final int slots;
  private final int wordsPerPage;
  private final Words map;
  private final Words cache;
  private final Words contents;

  Swap(Program program, Layout layout) {
    this.slots = layout.frames();
    this.wordsPerPage = layout.wordsPerPage();
    this.map = program.words(i -> "swap_map[" + i + "]", slots, 0, Swap::showMap, true);
    this.cache =
        program.words(
            i -> "swap cache[" + i + "]",
            slots,
            0,
            v -> v == 0 ? "none" : "F" + (v - 1),
            true);
    this.contents =
        program.words(
            i -> "swap[" + i / wordsPerPage + "][" + i % wordsPerPage + "]",
            slots * wordsPerPage,
            GARBAGE,
            Long::toString,
            true);
  }

  private static String showMap(long value) {
    return (value & ~HAS_CACHE) + ((value & HAS_CACHE) != 0 ? " and cached" : "");
  }

  public int slots() {
    return slots;
  }

  public int wordsPerPage() {
    return wordsPerPage;
  }

  public Word map(int slot) {
    return map.at(slot);
  }

  public Word cache(int slot) {
    return cache.at(slot);
  }

  public Word contents(int slot, int word) {
    return contents.at(slot * wordsPerPage + word);
  }
}
