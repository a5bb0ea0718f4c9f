package shootdown.litmus;

import java.util.Set;

/// `P0() { ... }`, `child P2() @cpu 1 { ... }`, `kthread K0() { ... }`.
///
/// @param number n of Pn or Kn
/// @param cpu the CPU that it runs on: `@cpu m`, else n for Pn; a kthread without `@cpu` gets a
///     CPU of its own
/// @param at its name
public record LitmusThread(Kind kind, int number, int cpu, Statement.Block body, Position at) {
  /// What a thread is.
  public enum Kind {
    /// A thread of the first process.
    USER,
    /// The first thread of the process that `fork(Pn)` makes.
    CHILD,
    /// Work of the kernel.
    KTHREAD
  }

  /// Threads are keys of maps: not the hash of all that is in them.
  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + number;
  }

  /// `P0` or `K0`.
  public String name() {
    return (kind == Kind.KTHREAD ? "K" : "P") + number;
  }

  /// The names that it assigns, in the order of their first appearance.
  public Set<String> registers() {
    return Assigned.in(body.statements());
  }
}
