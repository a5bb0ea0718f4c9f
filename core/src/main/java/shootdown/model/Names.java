package shootdown.model;

import java.util.Map;
import java.util.TreeMap;
import shootdown.litmus.GlobalKind;
import shootdown.machine.Layout;
import shootdown.machine.Naming;

/// Calls virtual pages by the test's own names: `x`, `x+1` for the page after it.
final class Names implements Naming {
  private final TreeMap<Integer, String> pages = new TreeMap<>();

  /// Learns the addresses that the initial state bound; an earlier name of a page wins.
  void learn(Map<String, GlobalKind> kinds, Map<String, Long> values) {
    kinds.forEach(
        (name, kind) -> {
          long value = values.getOrDefault(name, 0L);
          if (kind == GlobalKind.ADDRESS && value > 0) {
            pages.putIfAbsent((int) (value / Layout.PAGE_SIZE), name);
          }
        });
  }

  @Override
  public String page(int space, int vpn) {
    var below = pages.floorEntry(vpn);
    var name =
        below == null
            ? "page " + vpn
            : below.getValue() + (vpn == below.getKey() ? "" : "+" + (vpn - below.getKey()));
    return space == 0 ? name : name + "/mm" + space;
  }
}
