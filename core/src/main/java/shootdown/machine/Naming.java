package shootdown.machine;

/// How traces call virtual pages: the litmus test's own names.
@FunctionalInterface
public interface Naming {
  /// Name of page `vpn` of address space `space`, e.g. `x` or `x+1`.
  String page(int space, int vpn);
}
