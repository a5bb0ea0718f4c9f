package shootdown.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import shootdown.sched.Symmetry;

/// All that a piece of a state can become by renaming, and which names it mentions.
///
/// A name is mentioned if it makes a difference which one it is. Names that can change places
/// without changing the piece have one role in it; the most of them, of those that can at all
/// change places with each other, are not mentioned.
///
/// @param <T> pieces, with equals
final class Orbit<T> {
  private final Renamings renamings;
  private final Image<T> image;
  private final Map<T, int[]> members = new LinkedHashMap<>();
  private final T first;
  private final int[] roles;

  /// What generators make of pieces.
  @FunctionalInterface
  interface Image<T> {
    T of(int g, T piece);
  }

  /// @param order by which the same member is told of the orbit, whichever it is met by
  Orbit(Renamings renamings, Image<T> image, T start, ToLongFunction<T> order) {
    this.renamings = renamings;
    this.image = image;
    collect(start);
    T least = start;
    for (var member : members.keySet()) {
      least = order.applyAsLong(member) < order.applyAsLong(least) ? member : least;
    }
    first = least;
    members.clear();
    collect(first);
    mustBeRenamings();
    roles = roles();
  }

  /// The member that stands for all.
  T first() {
    return first;
  }

  Iterable<T> members() {
    return members.keySet();
  }

  /// For each name its role in a member, 0 where it is not mentioned.
  int[] roles(T member) {
    int[] renaming = members.get(member);
    int[] renamed = new int[roles.length];
    for (int i = 0; i < roles.length; i++) {
      renamed[renaming[i]] = roles[i];
    }
    return renamed;
  }

  private void collect(T start) {
    List<T> queue = new ArrayList<>();
    members.put(start, renamings.identity());
    queue.add(start);
    for (int i = 0; i < queue.size(); i++) {
      T member = queue.get(i);
      for (int g = 0; g < renamings.count(); g++) {
        T other = image.of(g, member);
        if (!members.containsKey(other)) {
          members.put(other, renamings.after(g, members.get(member)));
          queue.add(other);
        }
      }
    }
  }

  /// Renaming one after the other must be what it says: or values would name what is not declared.
  private void mustBeRenamings() {
    int g = 0;
    for (var exchange : renamings.exchanges()) {
      boolean ring = exchange.how() == Symmetry.How.ROUND;
      int count = ring ? 1 : exchange.size() - 1;
      for (int i = g; i < g + count; i++) {
        mustComeBack(ring ? exchange.size() : 2, i);
        for (int j = 0; j < i; j++) {
          mustComeBack(j >= g && j == i - 1 ? 3 : 1, i, j);
        }
      }
      g += count;
    }
  }

  /// So many times generator `g` lead back.
  private void mustComeBack(int times, int g) {
    for (T member : members.keySet()) {
      T at = member;
      for (int i = 0; i < times; i++) {
        at = image.of(g, at);
      }
      if (!at.equals(member)) {
        throw renamings.bug(g, member + " becomes " + at + " when all is as it was again");
      }
    }
  }

  /// So many times one generator and the other are as many times the other and the one.
  private void mustComeBack(int times, int g, int other) {
    for (T member : members.keySet()) {
      T here = member;
      T there = member;
      for (int i = 0; i < times; i++) {
        boolean odd = i % 2 == 1;
        here = image.of(odd ? other : g, here);
        there = image.of(odd ? g : other, there);
      }
      if (times == 1) {
        here = image.of(other, here);
        there = image.of(g, there);
      }
      if (!here.equals(there)) {
        throw renamings.bug(g, member + " becomes " + here + " or " + there);
      }
    }
  }

  private int[] roles() {
    int[] found = new int[renamings.names()];
    int role = 1;
    int g = 0;
    for (var exchange : renamings.exchanges()) {
      if (exchange.how() == Symmetry.How.ROUND) {
        int period = period(g);
        for (int i = 0; i < exchange.size() && period > 1; i += period) {
          found[exchange.first() + i] = role;
        }
        role++;
        g++;
      } else {
        role = roles(exchange, g, found, role);
        g += exchange.size() - 1;
      }
    }
    return found;
  }

  /// After how many rounds by one the first member is what it was.
  private int period(int g) {
    int rounds = 1;
    for (T at = image.of(g, first); !at.equals(first); at = image.of(g, at)) {
      rounds++;
    }
    return rounds;
  }

  /// @param g first of the generators that let neighbours change places
  private int roles(Symmetry.Exchange exchange, int g, int[] found, int firstRole) {
    int[] leader = new int[exchange.size()];
    var counts = new HashMap<Integer, Integer>();
    for (int i = 0; i < leader.length; i++) {
      leader[i] = i;
      for (int j = 0; j < i; j++) {
        if (leader[j] == j && changePlaces(g, j, i).equals(first)) {
          leader[i] = j;
          break;
        }
      }
      counts.merge(leader[i], 1, Integer::sum);
    }
    int most = 0;
    for (int i = 0; i < leader.length; i++) {
      boolean more = counts.getOrDefault(i, 0) >= counts.getOrDefault(most, 0);
      most = leader[i] == i && more ? i : most;
    }
    int role = firstRole;
    for (int i = 0; i < leader.length; i++) {
      if (leader[i] == most) {
        continue;
      }
      found[exchange.first() + i] =
          leader[i] == i ? role++ : found[exchange.first() + leader[i]];
    }
    return role;
  }

  /// What the first member becomes when names `low` and `high` change places.
  private T changePlaces(int g, int low, int high) {
    T piece = first;
    for (int i = low; i < high; i++) {
      piece = image.of(g + i, piece);
    }
    for (int i = high - 2; i >= low; i--) {
      piece = image.of(g + i, piece);
    }
    return piece;
  }
}
