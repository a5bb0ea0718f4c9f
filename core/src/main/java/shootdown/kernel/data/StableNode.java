package shootdown.kernel.data;

import java.util.ArrayList;
import java.util.List;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// A node of KSM's stable tree: the places that ksmd has merged into one page, so that rmap walks
/// find them. What has replaced the page there since may still be a place; a child of fork() has
/// its places where its parent has them. Changes with the page locked, as what the folio belongs
/// to.
///
/// ```text
/// up to four places of 16 bits each: 15 … 12 the address space, 11 … 0 the page
/// ```
///
/// @param items the word that keeps them
/// @param steps of the program
public record StableNode(Word items, Steps steps) {
  private static final int BITS = 16;
  private static final int VPN_BITS = 12;
  private static final int MOST = Long.SIZE / BITS;
  private static final long FIELD = (1L << BITS) - 1;

  /// `struct ksm_rmap_item`: a page of an address space.
  ///
  /// @param mm the address space
  /// @param vpn the page
  public record RmapItem(int mm, int vpn) {
    private static RmapItem unpack(long field) {
      return new RmapItem((int) (field >>> VPN_BITS), (int) (field & (1L << VPN_BITS) - 1));
    }

    private long pack() {
      return (long) mm << VPN_BITS | vpn;
    }
  }

  /// The places, the newest first.
  public List<RmapItem> rmapItems() {
    var found = new ArrayList<RmapItem>();
    for (long rest = items.read(); rest != 0; rest >>>= BITS) {
      found.add(RmapItem.unpack(rest & FIELD));
    }
    return List.copyOf(found);
  }

  /// Whether the place is one of them.
  public boolean has(RmapItem item) {
    return rmapItems().contains(item);
  }

  /// Adds a place; more than there is room for are a stated limit.
  public void append(RmapItem item) {
    long before = items.read();
    if (before >>> BITS * (MOST - 1) != 0) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "more than " + MOST + " places of a page that KSM merged"));
    }
    items.write(before << BITS | item.pack());
  }

  /// Takes a place out, if it is there.
  public void remove(RmapItem item) {
    long kept = 0;
    int shift = 0;
    for (long rest = items.read(); rest != 0; rest >>>= BITS) {
      if ((rest & FIELD) != item.pack()) {
        kept |= (rest & FIELD) << shift;
        shift += BITS;
      }
    }
    items.write(kept);
  }

  /// Moves all places to another node, of a page that has just taken this one's place.
  public void moveTo(StableNode other) {
    other.items.write(items.read());
    items.write(0);
  }
}
