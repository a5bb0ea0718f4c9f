package shootdown.machine;

/// Who watches accesses to physical memory, to tell right from wrong. The machine tells it all and
/// learns nothing from it. Each call is part of the step that does the access.
public interface Witness {
  /// A load or store of user code, or of the kernel through a user address, reached a frame.
  ///
  /// @param access what was asked for
  /// @param pfn the frame that was reached
  /// @param before what the word held before
  /// @param after what it holds now; equal to `before` for a load
  /// @param stale the translation came from a TLB entry that the page tables no longer hold
  void accessed(Access access, int pfn, long before, long after, boolean stale);

  /// A page-table walk, by hardware or by the kernel, goes through a page-table page that it found
  /// in the PMD entry of page `vpn`.
  default void walked(int space, int vpn, int table) {}

  /// A page-table page is given back while a CPU may hold a PMD entry that points to it: the CPU
  /// may walk through it at any moment, though no access asks for that.
  default void freedWhileCached(int cpu, int space, int vpn, int table) {}

  /// The access is the one of a store that had waited in its CPU's store buffer.
  default void drained(Access access) {}

  /// Watches nothing.
  Witness NOBODY = (_, _, _, _, _) -> {};
}
