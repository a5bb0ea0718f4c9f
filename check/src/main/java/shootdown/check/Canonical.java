package shootdown.check;

import java.util.Arrays;
import shootdown.sched.Symmetry;

/// Fingerprints of states up to renaming: equal for states that renaming makes of each other.
///
/// Each name has a signature that does not depend on which name it is: the sum of what the pieces
/// of the state that mention it are, and how they do. Names are given anew in the order of their
/// signatures. Where several have one, each order of them is tried, unless it is seen that their
/// order makes no difference, and the least fingerprint counts.
///
/// Not always are all orders tried ([#MAX_ORDERS]): then a state may have several fingerprints,
/// and is searched more than once.
final class Canonical {
  private static final int MAX_ORDERS = 5_040;

  private final Images images;
  private final Renamings renamings;
  private final Fingerprints fingerprints;
  private final Pieces pieces;
  private final Symmetry.Exchange[] exchanges;
  private final int[] slotOf;
  private final long[] initial;

  // the state that was last seen, and what follows from it
  private final long[] memory;
  private final int[] at;
  private final int[] piece;
  private final long[] signature;
  private long plain;

  // orders of names: name order[i] is to become i
  private final int[] order;
  private final int[] renaming;
  private final int[] tieFrom;
  private final int[] tieTo;
  private int ties;
  private long least;
  private final int[] best;

  Canonical(Images images, Fingerprints fingerprints, long[] initialMemory, int tasks) {
    this.images = images;
    this.fingerprints = fingerprints;
    renamings = images.renamings();
    pieces = new Pieces(images, fingerprints);
    exchanges = renamings.exchanges().toArray(new Symmetry.Exchange[0]);
    initial = initialMemory.clone();
    memory = initialMemory.clone();
    at = new int[tasks];
    Arrays.fill(at, -1);
    slotOf = new int[initial.length];
    int slots = tasks;
    for (int w = 0; w < initial.length; w++) {
      slotOf[w] = renamings.isFixed(w) ? -1 : slots++;
    }
    piece = new int[slots];
    signature = new long[renamings.names()];
    order = renamings.identity();
    renaming = renamings.identity();
    best = renamings.identity();
    tieFrom = new int[order.length];
    tieTo = new int[order.length];
  }

  /// The fingerprint of a state.
  ///
  /// @throws ProgramBug if things that are said to be alike are not
  long of(Stepper state) {
    follow(state);
    ties = 0;
    least = Long.MAX_VALUE;
    int rings = 0;
    for (var exchange : exchanges) {
      if (exchange.how() == Symmetry.How.ANY) {
        sort(exchange);
      } else {
        rings++;
      }
    }
    int orders = 1;
    int left = 0;
    for (int i = 0; i < ties; i++) {
      if (mattersWithin(tieFrom[i], tieTo[i])) {
        tieFrom[left] = tieFrom[i];
        tieTo[left] = tieTo[i];
        left++;
        orders = Math.min(MAX_ORDERS + 1, orders * orders(tieTo[i] - tieFrom[i]));
      }
    }
    ties = orders > MAX_ORDERS ? 0 : left;
    turn(0, rings);
    return least;
  }

  /// What [#of] told last.
  long last() {
    return least;
  }

  /// What becomes of each name in the state that stands for all that [#of] told this fingerprint
  /// of; of the state that it was last told of. To be read and not kept.
  int[] names() {
    return best;
  }

  private static int orders(int n) {
    int product = 1;
    for (int i = 2; i <= n && product <= MAX_ORDERS; i++) {
      product *= i;
    }
    return product;
  }

  /// Takes over what has changed.
  private void follow(Stepper state) {
    long[] now = state.memory;
    int w = Arrays.mismatch(memory, now);
    while (w >= 0) {
      changed(w, now[w]);
      int next = Arrays.mismatch(memory, w + 1, memory.length, now, w + 1, now.length);
      w = next < 0 ? -1 : w + 1 + next;
    }
    for (int t = 0; t < at.length; t++) {
      int vertex = state.at[t];
      if (vertex != at[t]) {
        at[t] = vertex;
        put(t, pieces.of(t, vertex));
      }
      images.look(vertex, now);
    }
  }

  private void changed(int w, long value) {
    if (slotOf[w] < 0) {
      plain ^= fingerprints.word(w, memory[w]) ^ fingerprints.word(w, value);
    } else {
      put(slotOf[w], value == initial[w] ? Pieces.NONE : pieces.of(w, value));
    }
    memory[w] = value;
  }

  private void put(int slot, int now) {
    int before = piece[slot];
    if (before != Pieces.NONE) {
      for (int i = pieces.from[before]; i < pieces.to[before]; i++) {
        signature[pieces.name[i]] -= pieces.sign[i];
      }
    }
    if (now != Pieces.NONE) {
      for (int i = pieces.from[now]; i < pieces.to[now]; i++) {
        signature[pieces.name[i]] += pieces.sign[i];
      }
    }
    piece[slot] = now;
  }

  private void sort(Symmetry.Exchange exchange) {
    int first = exchange.first();
    int end = first + exchange.size();
    for (int i = first; i < end; i++) {
      int moved = order[i];
      int j = i;
      while (j > first && signature[order[j - 1]] > signature[moved]) {
        order[j] = order[j - 1];
        j--;
      }
      order[j] = moved;
    }
    int from = first;
    for (int i = first + 1; i <= end; i++) {
      if (i == end || signature[order[i]] != signature[order[from]]) {
        if (i - from > 1) {
          tieFrom[ties] = from;
          tieTo[ties] = i;
          ties++;
        }
        from = i;
      }
    }
  }

  /// Whether the order of names with one signature makes a difference.
  private boolean mattersWithin(int from, int to) {
    long hash = hash();
    for (int i = from; i + 1 < to; i++) {
      swap(i, i + 1);
      long other = hash();
      swap(i, i + 1);
      if (other != hash) {
        return true;
      }
    }
    return false;
  }

  /// Goes through all places of rings from the `ring`-th on, and then all orders.
  private void turn(int ring, int rings) {
    if (ring == rings) {
      permute(0, ties == 0 ? 0 : tieFrom[0]);
      return;
    }
    var exchange = ring(ring);
    for (int i = 0; i < exchange.size(); i++) {
      turn(ring + 1, rings);
      int last = order[exchange.first()];
      for (int j = exchange.first(); j + 1 < exchange.first() + exchange.size(); j++) {
        order[j] = order[j + 1];
      }
      order[exchange.first() + exchange.size() - 1] = last;
    }
  }

  private Symmetry.Exchange ring(int number) {
    int left = number;
    for (var exchange : exchanges) {
      if (exchange.how() == Symmetry.How.ROUND && left-- == 0) {
        return exchange;
      }
    }
    throw new IllegalArgumentException("no ring " + number);
  }

  /// Goes through all orders of the names of the `tie`-th tie from `i` on, and of all further ties.
  private void permute(int tie, int i) {
    if (tie == ties) {
      long hash = hash();
      if (hash <= least) {
        least = hash;
        System.arraycopy(renaming, 0, best, 0, best.length);
      }
      return;
    }
    if (i == tieTo[tie]) {
      permute(tie + 1, tie + 1 == ties ? 0 : tieFrom[tie + 1]);
      return;
    }
    for (int j = i; j < tieTo[tie]; j++) {
      swap(i, j);
      permute(tie, i + 1);
      swap(i, j);
    }
  }

  private void swap(int i, int j) {
    int name = order[i];
    order[i] = order[j];
    order[j] = name;
  }

  /// The fingerprint of the state where name `order[i]` is `i`.
  private long hash() {
    for (int i = 0; i < order.length; i++) {
      renaming[order[i]] = i;
    }
    long hash = plain;
    for (int p : piece) {
      if (p == Pieces.NONE) {
        continue;
      }
      long sum = pieces.seed[p];
      for (int i = pieces.from[p]; i < pieces.to[p]; i++) {
        sum += pieces.random[pieces.row[i] + renaming[pieces.name[i]]];
      }
      hash ^= Fingerprints.mix(sum);
    }
    return hash;
  }
}
