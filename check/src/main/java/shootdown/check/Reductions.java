package shootdown.check;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Which interleavings need not be followed because others show the same.
///
/// @param kinds why
public record Reductions(Set<Reduction> kinds) {
  public static final Reductions ALL = new Reductions(EnumSet.allOf(Reduction.class));

  /// Every operation and every atomic block is a step.
  public static final Reductions NONE = new Reductions(Set.of());

  public Reductions {
    kinds = Set.copyOf(kinds);
  }

  /// These and no others.
  public static Reductions of(Reduction... kinds) {
    return NONE.with(kinds);
  }

  public boolean has(Reduction kind) {
    return kinds.contains(kind);
  }

  public Reductions with(Reduction... more) {
    var all = copy();
    all.addAll(Arrays.asList(more));
    return new Reductions(all);
  }

  public Reductions without(Reduction... fewer) {
    var rest = copy();
    rest.removeAll(Arrays.asList(fewer));
    return new Reductions(rest);
  }

  private EnumSet<Reduction> copy() {
    var copy = EnumSet.noneOf(Reduction.class);
    copy.addAll(kinds);
    return copy;
  }

  /// Their names, always in the same order: a checkpoint is compared by them.
  @Override
  public String toString() {
    return copy().stream().map(Reduction::name).collect(Collectors.joining(" ", "[", "]"));
  }
}
