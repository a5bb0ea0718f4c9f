package shootdown.check.generated;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/// All that a task can do in so many nodes: two words, two locks, each statement a node.
///
/// ```text
/// body ──► statement …
/// statement ──► read w | write w 1 | store w | add w 1 | cas w 0 1 | swap w 1 | choose 2
///             | await w 1 | sleep w 1 | violate | fail | progress
///             | lock l body | read-lock l body | try l body | try-read l body
///             | write-lock l body, downgrade, body
///             | atomic body | scope body | twice body | until w 1 body
///             | if w 1 body else body | if x 1 body
/// ```
///
/// Left out is what breaks a rule of [shootdown.sched] or never ends in a finite number of states:
/// a lock within itself, waiting in the middle of an atomic block, and counting in a loop that may
/// go round for ever.
final class Grammar {
  private static final int WORDS = 2;
  private static final int LOCKS = 2;

  private final Map<Place, List<List<Statement>>> known = new HashMap<>();

  /// Where a body stands.
  ///
  /// @param nodes of the body
  /// @param held locks, as bits
  /// @param atomic whether in an atomic block
  /// @param loop whether in a loop that may go round for ever
  private record Place(int nodes, int held, boolean atomic, boolean loop) {
    Place of(int fewer) {
      return new Place(fewer, held, atomic, loop);
    }

    Place holding(int lock) {
      return new Place(nodes, held | 1 << lock, atomic, loop);
    }

    boolean holds(int lock) {
      return (held >>> lock & 1) != 0;
    }

    Place inAtomic() {
      return new Place(nodes, held, true, loop);
    }

    Place inLoop() {
      return new Place(nodes, held, atomic, true);
    }
  }

  /// All bodies of one to so many nodes, the short ones first.
  List<List<Statement>> bodiesUpTo(int nodes) {
    var all = new ArrayList<List<Statement>>();
    for (int n = 1; n <= nodes; n++) {
      all.addAll(bodies(new Place(n, 0, false, false)));
    }
    return all;
  }

  /// All statements of just one node.
  List<Statement> leaves() {
    return leaves(new Place(1, 0, false, false));
  }

  /// Those of them that a loop may do for ever.
  List<Statement> leavesOfLoops() {
    return leaves(new Place(1, 0, false, true));
  }

  private List<List<Statement>> bodies(Place place) {
    var before = known.get(place);
    if (before != null) {
      return before;
    }
    var all = new ArrayList<List<Statement>>();
    if (place.nodes == 0) {
      all.add(List.of());
    }
    for (int first = 1; first <= place.nodes; first++) {
      for (var statement : statements(place.of(first))) {
        for (var rest : bodies(place.of(place.nodes - first))) {
          var body = new ArrayList<Statement>();
          body.add(statement);
          body.addAll(rest);
          all.add(List.copyOf(body));
        }
      }
    }
    known.put(place, all);
    return all;
  }

  private List<Statement> statements(Place place) {
    var all = new ArrayList<Statement>();
    if (place.nodes == 1) {
      all.addAll(leaves(place));
    } else {
      var inner = place.of(place.nodes - 1);
      all.addAll(withOneBody(inner, Statement.Scope::new));
      all.addAll(withOneBody(inner, body -> new Statement.IfLocal(1, body)));
      for (int w = 0; w < WORDS; w++) {
        int word = w;
        all.addAll(
            withTwoBodies(inner, inner, (a, b) -> new Statement.If(word, 1, a, b)));
      }
      if (!place.atomic) {
        blocks(inner, all);
      }
    }
    return all;
  }

  private List<Statement> leaves(Place place) {
    var all = new ArrayList<Statement>();
    for (int w = 0; w < WORDS; w++) {
      all.add(new Statement.Read(w));
      all.add(new Statement.Write(w, 1));
      all.add(new Statement.Store(w));
      if (!place.loop) {
        all.add(new Statement.Add(w, 1));
      }
      all.add(new Statement.Cas(w, 0, 1));
      all.add(new Statement.Swap(w, 1));
      if (!place.atomic) {
        all.add(new Statement.Await(w, 1));
        all.add(new Statement.Sleep(w, 1));
        all.add(new Statement.Until(w, 1, List.of()));
      }
    }
    all.add(new Statement.Choose(2));
    all.add(new Statement.Violate(1));
    all.add(new Statement.Fail(2));
    all.add(new Statement.Progress());
    return all;
  }

  private void blocks(Place inner, List<Statement> all) {
    for (int l = 0; l < LOCKS; l++) {
      int lock = l;
      if (inner.holds(lock)) {
        continue;
      }
      var held = inner.holding(lock);
      all.addAll(withOneBody(held, body -> new Statement.Locked(lock, body)));
      all.addAll(withOneBody(held, body -> new Statement.ReadLocked(lock, body)));
      all.addAll(withOneBody(held, body -> new Statement.TryLocked(lock, body)));
      all.addAll(withOneBody(held, body -> new Statement.TryReadLocked(lock, body)));
      all.addAll(
          withTwoBodies(held, held, (a, b) -> new Statement.Downgraded(lock, a, b)));
    }
    all.addAll(withOneBody(inner.inAtomic(), Statement.Atomic::new));
    for (int w = 0; w < WORDS; w++) {
      var await = new Statement.Await(w, 1);
      all.addAll(withOneBody(after(inner).inAtomic(), body -> atomic(await, body)));
      int word = w;
      all.addAll(
          withOneBody(inner.inLoop(), body -> new Statement.Until(word, 1, body)));
    }
    all.addAll(withOneBody(inner, body -> new Statement.Times(2, body)));
  }

  private static Place after(Place place) {
    return place.of(place.nodes - 1);
  }

  private static Statement atomic(Statement first, List<Statement> rest) {
    var body = new ArrayList<Statement>();
    body.add(first);
    body.addAll(rest);
    return new Statement.Atomic(List.copyOf(body));
  }

  private List<Statement> withOneBody(
      Place place, Function<List<Statement>, Statement> statement) {
    return bodies(place).stream().map(statement).toList();
  }

  /// The first body has at least one node.
  private List<Statement> withTwoBodies(
      Place first,
      Place second,
      BiFunction<List<Statement>, List<Statement>, Statement> statement) {
    var all = new ArrayList<Statement>();
    for (int n = 1; n <= first.nodes; n++) {
      for (var a : bodies(first.of(n))) {
        for (var b : bodies(second.of(first.nodes - n))) {
          all.add(statement.apply(a, b));
        }
      }
    }
    return all;
  }
}
