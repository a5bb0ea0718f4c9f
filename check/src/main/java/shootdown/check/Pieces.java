package shootdown.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The pieces that states are made of, for hashing up to renaming: the values of words, and the
/// vertices of tasks. A piece is a shape and the names in it: pieces that renaming makes of each
/// other have one shape.
///
/// ```text
/// hash of a piece = mix(seed of its shape + sum over names in it of random(role, name))
/// ```
final class Pieces {
  /// No piece: what is as in the first state.
  static final int NONE = 0;

  private final Images images;
  private final Renamings renamings;
  private final Fingerprints fingerprints;
  private final Map<Value, Integer> values = new HashMap<>();
  private int[] ofVertex = new int[1024];

  // of pieces
  long[] seed = new long[1024];
  int[] from = new int[1024];
  int[] to = new int[1024];
  private int size = 1;

  // of mentions: a name in a piece
  int[] name = new int[1024];
  int[] row = new int[1024];
  long[] sign = new long[1024];
  private int mentions;

  /// For each role, and name that may have it, a random number.
  final long[] random;

  /// A word and what it holds.
  private record Value(int word, long value) {}

  Pieces(Images images, Fingerprints fingerprints) {
    this.images = images;
    this.fingerprints = fingerprints;
    renamings = images.renamings();
    int names = renamings.names();
    random = new long[(names + 1) * names];
    Arrays.setAll(random, i -> fingerprints.word(-1 - i, names));
  }

  /// The piece of a word with a value that it does not have at first.
  int of(int word, long value) {
    var key = new Value(word, value);
    var known = values.get(key);
    if (known != null) {
      return known;
    }
    ToLongFunction<Value> order = v -> fingerprints.word(v.word, v.value);
    var orbit = new Orbit<>(renamings, this::image, key, order);
    for (var member : orbit.members()) {
      values.put(member, add(order.applyAsLong(orbit.first()), orbit.roles(member)));
    }
    return values.get(key);
  }

  private Value image(int g, Value v) {
    return new Value(renamings.word(g, v.word), renamings.value(g, v.word, v.value));
  }

  /// The piece of a task that stands at a vertex.
  ///
  /// @param task that of `vertex`
  int of(int task, int vertex) {
    if (vertex < ofVertex.length && ofVertex[vertex] != NONE) {
      return ofVertex[vertex];
    }
    ToLongFunction<Integer> order = v -> fingerprints.task(0, v);
    var orbit = new Orbit<Integer>(renamings, (g, v) -> images.of(g, v), vertex, order);
    for (int member : orbit.members()) {
      if (member >= ofVertex.length) {
        ofVertex = Arrays.copyOf(ofVertex, 2 * Math.max(member, ofVertex.length));
      }
      ofVertex[member] = add(order.applyAsLong(orbit.first()), orbit.roles(member));
    }
    return ofVertex[vertex];
  }

  private int add(long shape, int[] roles) {
    if (size == seed.length) {
      seed = Arrays.copyOf(seed, 2 * size);
      from = Arrays.copyOf(from, 2 * size);
      to = Arrays.copyOf(to, 2 * size);
    }
    seed[size] = shape;
    from[size] = mentions;
    for (int i = 0; i < roles.length; i++) {
      if (roles[i] != 0) {
        mention(shape, i, roles[i]);
      }
    }
    to[size] = mentions;
    return size++;
  }

  private void mention(long shape, int i, int role) {
    if (mentions == name.length) {
      name = Arrays.copyOf(name, 2 * mentions);
      row = Arrays.copyOf(row, 2 * mentions);
      sign = Arrays.copyOf(sign, 2 * mentions);
    }
    name[mentions] = i;
    row[mentions] = role * renamings.names();
    sign[mentions] = Fingerprints.mix(shape + role);
    mentions++;
  }
}
