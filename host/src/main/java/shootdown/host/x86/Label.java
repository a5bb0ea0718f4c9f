package shootdown.host.x86;

import java.util.ArrayList;
import java.util.List;

/// A place in the code; it can be jumped to before it is known.
public final class Label {
  private static final int UNBOUND = -1;

  private final List<Integer> uses = new ArrayList<>();
  private int offset = UNBOUND;

  Label() {}

  boolean isBound() {
    return offset != UNBOUND;
  }

  int offset() {
    return offset;
  }

  void bind(int at) {
    if (isBound()) {
      throw new IllegalStateException("bound twice");
    }
    offset = at;
  }

  void usedAt(int at) {
    uses.add(at);
  }

  List<Integer> uses() {
    return uses;
  }
}
