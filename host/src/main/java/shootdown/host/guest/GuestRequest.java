package shootdown.host.guest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import shootdown.host.steer.Steering.Learned;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.model.Outcome;

/// What to run a test in a guest for.
///
/// @param image the kernel
/// @param machine the virtual machine
/// @param append what is put on the kernel's command line
/// @param files files of the guest to read before the first round and after the last one
/// @param bound when to end
/// @param starts how rounds begin
public record GuestRequest(
    Path image, Machine machine, String append, List<String> files, Bound bound, Starts starts) {
  public GuestRequest {
    files = List.copyOf(files);
  }

  /// A virtual machine.
  ///
  /// @param cpus how many it has
  /// @param accelerator how QEMU runs its code
  public record Machine(int cpus, Accelerator accelerator) {
    public static final Machine DEFAULT = new Machine(3, Accelerator.TCG);
  }

  /// How QEMU runs a guest's code.
  public enum Accelerator {
    /// It translates it: works everywhere.
    TCG,
    /// The processor does: only where a kernel boots so, which is tried.
    KVM
  }

  /// When to end: what comes first.
  ///
  /// @param enough whether what has been seen is enough
  public record Bound(long rounds, Duration time, Predicate<Seen> enough) {
    /// Until then, whatever is seen.
    public Bound(long rounds, Duration time) {
      this(rounds, time, _ -> false);
    }
  }

  /// How rounds begin.
  ///
  /// @param seed of what is random
  /// @param lookedFor the outcomes that rounds are steered to, given what the names of the initial
  ///     state stand for
  /// @param learned what another run has learned of it, to be followed; empty to learn
  public record Starts(
      long seed, BiPredicate<String, Map<String, Long>> lookedFor, Optional<Learned> learned) {
    /// A run that learns how to show what a test's condition asks for.
    public static Starts of(LitmusTest test, long seed) {
      return new Starts(
          seed,
          (outcome, globals) ->
              test.condition() instanceof Condition.Over(var quantifier, _, _)
                  && Outcome.satisfies(test, outcome, globals)
                      == (quantifier != Condition.Quantifier.FORALL),
          Optional.empty());
    }
  }

  /// What has been seen.
  ///
  /// @param outcomes how often each was
  /// @param globals what the names of the initial state stand for
  public record Seen(Map<String, Long> outcomes, Map<String, Long> globals) {}

  public GuestRequest withAppend(String other) {
    return new GuestRequest(image, machine, other, files, bound, starts);
  }
}
