package shootdown.litmus;

/// Something that a condition looks at when all threads have ended. Equal ones are equal keys.
public sealed interface Observable {
  /// As a condition writes it: `0:r1`, `0:sig`, `x`, `x[1]`, `f`.
  String label();

  /// The register's value at the end of thread Pn; it is what it was when a signal ended Pn.
  record Register(int thread, String name) implements Observable {
    @Override
    public String label() {
      return thread + ":" + name;
    }
  }

  /// The number of the signal that ended thread Pn; 0 if it ran to its end.
  record Signal(int thread) implements Observable {
    @Override
    public String label() {
      return thread + ":sig";
    }
  }

  /// What a load of word `word` at the address `global` returns, in the first process.
  record Memory(String global, long word) implements Observable {
    @Override
    public String label() {
      return word == 0 ? global : global + "[" + word + "]";
    }
  }

  /// What a pread of word `word` of the file `global` returns.
  record File(String global, long word) implements Observable {
    @Override
    public String label() {
      return word == 0 ? global : global + "[" + word + "]";
    }
  }

  /// The value that the initial state gave the name `global`, an address or a number. It stands
  /// at the right of a comparison only: `0:r1=y`.
  record Bound(String global) implements Observable {
    @Override
    public String label() {
      return global;
    }
  }
}
