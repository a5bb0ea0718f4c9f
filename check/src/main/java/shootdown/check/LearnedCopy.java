package shootdown.check;

/// A worker's own copy of what a search needs of a [Learned] automaton, which grows by what the
/// worker meets. So a step of a worker looks at nothing that another worker changes; only where the
/// copy lacks an edge is the original asked, under its lock.
final class LearnedCopy implements Stepper.Edges {
  final Automaton automaton = new Automaton();
  private final Original original;
  private final Learned learned;
  private Recurrence recurrence;
  private boolean outdated;

  /// What the copies of one pass have in common.
  static final class Original {
    final Learned learned;
    private int closings;
    private Recurrence recurrence;

    Original(Learned learned) {
      this.learned = learned;
      recurrence = new Recurrence(learned);
      closings = learned.closings();
    }

    private Recurrence recurrence() {
      synchronized (learned) {
        if (closings != learned.closings()) {
          closings = learned.closings();
          recurrence = new Recurrence(learned);
        }
        return recurrence;
      }
    }

    private Recurrence refined() {
      synchronized (learned) {
        recurrence = recurrence().refined();
        return recurrence;
      }
    }
  }

  LearnedCopy(Original original) {
    this.original = original;
    learned = original.learned;
    recurrence = original.recurrence();
    synchronized (learned) {
      automaton.catchUpWith(learned.automaton);
    }
  }

  @Override
  public int learn(int vertex, long result, long[] memory) {
    synchronized (learned) {
      int known = learned.automaton.edge(vertex, result);
      int edge = known == Automaton.UNKNOWN ? learned.learn(vertex, result, memory) : known;
      automaton.catchUpWith(learned.automaton);
      automaton.setEdge(vertex, result, edge);
      if (learned.closing().get(vertex)) {
        automaton.flags[vertex] |= Automaton.CLOSING;
      }
      outdated = true;
      return edge;
    }
  }

  @Override
  public void crashed(int vertex) {
    synchronized (learned) {
      learned.crashed(vertex);
    }
  }

  /// What tells about all edges that this copy has had until now.
  Recurrence recurrence() {
    if (outdated) {
      outdated = false;
      recurrence = original.recurrence();
    }
    return recurrence;
  }

  /// As [#recurrence], after taking the time to find out more.
  Recurrence refined() {
    recurrence = original.refined();
    return recurrence;
  }

  /// The only task that is followed where tasks stand `at` these vertices, or -1.
  int only(int[] at) {
    return Learned.only(automaton, at);
  }

  Stepper stepper(Fingerprints fingerprints, Stepper.Watcher watcher) {
    return new Stepper(
        learned.program, automaton, learned.roots, fingerprints, this, watcher);
  }
}
