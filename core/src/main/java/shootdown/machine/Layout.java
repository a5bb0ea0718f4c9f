package shootdown.machine;

/// How large the simulated machine is. Every limit that a test may hit is here and is reported when
/// it is hit.
///
/// @param cpus number of CPUs, 1 … 16
/// @param spaces number of address spaces (one for each process that a test can have)
/// @param pages pages of each address space, from virtual address 0 on
/// @param frames physical frames
/// @param wordsPerPage words of a page that the test uses, 1 … 512: word i lies at byte 8 * i
/// @param tables page-table pages (each maps [#PTRS_PER_PTE] pages)
public record Layout(
    int cpus, int spaces, int pages, int frames, int wordsPerPage, int tables) {
  /// Entries of a page-table page, as on x86-64 and arm64 with 4 KiB pages.
  public static final int PTRS_PER_PTE = 512;

  public static final int PAGE_SIZE = 4096;
  public static final int WORD_SIZE = 8;

  /// Number of PMD entries of an address space.
  public int pmds() {
    return (pages + PTRS_PER_PTE - 1) / PTRS_PER_PTE;
  }

  /// Entries of a page-table page that can ever be used.
  public int usedPtes() {
    return Math.min(pages, PTRS_PER_PTE);
  }

  /// Index of a (cpu, space, page) triple.
  int slot(int cpu, int space, int vpn) {
    return (cpu * spaces + space) * pages + vpn;
  }
}
